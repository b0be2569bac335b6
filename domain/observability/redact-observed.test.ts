import { expect, test } from "vitest";
import { REDACTED, redactConfig, redactText } from "./redact-observed.ts";

test.each([
  ["a password", { "database.password": "hunter2" }, ["database.password"]],
  ["a reference stays", { "database.password": "${vault:secret/shop:password}" }, []],
  [
    "a registry's user info",
    { "value.converter.basic.auth.user.info": "u:p4ss" },
    ["value.converter.basic.auth.user.info"],
  ],
  [
    "a password in a JDBC address",
    { "connection.url": "jdbc:postgresql://h/db?user=a&password=hunter2" },
    ["connection.url"],
  ],
  [
    "user info of an address",
    { "mongodb.connection.string": "mongodb://u:hunter2@h:27017/" },
    ["mongodb.connection.string"],
  ],
  ["a reference in user info stays", { "mongodb.connection.string": "mongodb://u:${vault:a/b:c}@h/" }, []],
  ["a key store file is no secret", { "database.ssl.keystore.password.file": "/etc/x" }, []],
  ["a time to live of tokens is no secret", { "token.refresh.ms": "60000" }, []],
  ["an empty password is no secret", { "database.password": "" }, []],
  ["a token of a known form in any key", { note: "hvs.CAESIJhunter2hunter2hunter2hunter2" }, ["note"]],
  [
    "login settings",
    { "x.jaas": 'org.x.PlainLoginModule required username="a" password="hunter2";' },
    ["x.jaas"],
  ],
  [
    "a private key",
    { anything: "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----" },
    ["anything"],
  ],
] as const)("%s", (_case, config, keys) => {
  const { plaintextSecretKeys, config: stored } = redactConfig(config);

  expect(plaintextSecretKeys).toEqual(keys);
  expect(JSON.stringify(stored)).not.toContain("hunter2");
});

test("a trace loses the connector's own secrets wherever they stand", () => {
  const { secrets } = redactConfig({ "database.password": "hunter2!x" });

  const trace = redactText(
    "FATAL: cannot log in with 'hunter2!x'\n\tat Foo(password=other9, user=ada)",
    secrets,
  );

  expect(trace).toBe(`FATAL: cannot log in with '${REDACTED}'\n\tat Foo(password=${REDACTED}, user=ada)`);
});

test("whom the worker logged in as is taken out: the name may come from Vault", () => {
  const trace = redactText('FATAL: password authentication failed for user "shop_connector"', []);

  expect(trace).toBe(`FATAL: password authentication failed for user "${REDACTED}"`);
});

test("a long trace is cut and says by how much", () => {
  expect(redactText("x".repeat(30), [], 10)).toBe(`${"x".repeat(10)}\n… 20 more characters`);
});
