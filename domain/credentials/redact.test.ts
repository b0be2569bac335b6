import { expect, test } from "vitest";
import { redactMessage } from "./redact.ts";

test.each([
  [
    "a quoted user name",
    'FATAL: password authentication failed for user "shop_connector"',
    'FATAL: password authentication failed for user "[hidden]"',
  ],
  ["single quotes", "Access denied for user 'u'@'h'", "Access denied for user '[hidden]'@'[hidden]'"],
  ["a quote inside quotes", "for user 'pa'ss' x", "for user '[hidden]' x"],
  ["apostrophes", "can't connect, the server doesn't answer", "can't connect, the server doesn't answer"],
  ["backticks", "Unknown column `secret`", "Unknown column `[hidden]`"],
  ["user info", "cannot reach postgres://u:p@h:1/db", "cannot reach postgres://[hidden]@h:1/db"],
  [
    "a parameter",
    "bad url jdbc:x://h/db?user=u&password=p&a=1",
    "bad url jdbc:x://h/db?user=[hidden]&password=[hidden]&a=1",
  ],
  ["a quoted parameter", 'password="p q"; x', "password=[hidden]; x"],
  ["a key with dots", "ssl.keystore.password = abc", "ssl.keystore.password = [hidden]"],
  [
    "a configuration value without quotes",
    "Invalid value hunter2 for configuration database.port: Not a number",
    "Invalid value [hidden] for configuration database.port: Not a number",
  ],
  [
    "null is no secret",
    "Invalid value null for configuration a: required",
    "Invalid value null for configuration a: required",
  ],
  ["a token", "token hvs.CAESIJ1234 refused", "token [hidden] refused"],
  ["a bearer token", "Authorization: Bearer abcdefgh12", "Authorization: Bearer [hidden]"],
  ["a row", "Detail: Failing row contains (1, a@b, null).", "Detail: Failing row contains ([hidden])."],
  ["a key's value", "Key (email)=(a@b.c) already exists.", "Key (email)=([hidden]) already exists."],
  ["a message that was cut", 'failed for user "shop_con', 'failed for user "[hidden]'],
  ["a PEM block", "x -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- y", "x [hidden] y"],
] as const)("%s", (_case, text, expected) => {
  expect(redactMessage(text)).toBe(expected);
});

test("a secret named by the caller disappears wherever it stands, the longer one first", () => {
  expect(redactMessage("login abc123 with abc123xyz", ["abc123", "abc123xyz"])).toBe(
    "login [hidden] with [hidden]",
  );
});

test("names the caller knows to be harmless stay readable", () => {
  expect(redactMessage('database "shop" does not exist for "ada"', [], ["shop"])).toBe(
    'database "shop" does not exist for "[hidden]"',
  );
});

test("redacting twice changes nothing more", () => {
  const once = redactMessage('user "a" password=b at x://c@d');

  expect(redactMessage(once)).toBe(once);
});
