import { expect, test } from "vitest";
import { redactValidation, validationFindings } from "./validation.ts";

const submitted = {
  "connector.class": "x.Y",
  "database.hostname": "db",
  "database.user": "${vault:secret/connectors/shop:username}",
  "max.batch.size": "many",
};
const answer = (name: string, value: string | null, ...errors: string[]) => ({
  name,
  value,
  errors,
  recommended: [value ?? ""],
  isVisible: true,
});

test("a resolved reference is put back, and nothing said about it is kept", () => {
  const [key] = redactValidation(submitted, [
    answer("database.user", "shop_connector", "Invalid value shop_connector"),
  ]);

  expect(JSON.stringify(key)).not.toContain("shop_connector");
  expect(key).toMatchObject({
    value: submitted["database.user"],
    errors: [expect.stringContaining("reference")],
  });
});

test.each([
  [
    "a refused login",
    'Error while validating connector config: FATAL: password authentication failed for user "shop_connector"',
    /refused the user and password/,
  ],
  [
    "a closed port",
    "Error while validating connector config: Connection to 127.0.0.1:1 refused. Check that the hostname…",
    /Nothing answers/,
  ],
  [
    "a missing database",
    'Unable to connect: FATAL: database "nope" does not exist',
    /does not exist on this server/,
  ],
  ["anything unknown that quotes", 'Unable to connect: odd "s3cret" text', /odd "…" text/],
])("%s lands at its field without what was resolved", (_case, message, expected) => {
  const findings = validationFindings(
    redactValidation(submitted, [answer("database.hostname", "db", message)]),
  );

  expect(findings).toEqual([
    {
      path: "database.hostname",
      severity: "error",
      source: "connect",
      message: expect.stringMatching(expected),
    },
  ]);
  expect(findings[0]?.message).not.toMatch(/shop_connector|s3cret/);
});

test("what the person wrote stays readable", () => {
  const message = 'Invalid value "many" for configuration max.batch.size: Not a number of type INT';
  const findings = validationFindings(
    redactValidation(submitted, [answer("max.batch.size", "many", message)]),
  );

  expect(findings[0]?.message).toBe(message);
});
