import { expect, test } from "vitest";
import { refusePaste, refusePastedReference } from "./paste-guard.ts";

test.each(["postgres://u:hunter2@h/db", "-----BEGIN PRIVATE KEY-----", "password=hunter2"])(
  "%s gets into no field, and is not repeated",
  (text) => {
    const refusal = refusePaste(text);

    expect(refusal).toBeDefined();
    expect(refusal).not.toContain("hunter2");
  },
);

test.each(["db.example.com", "5432", "shop"])("%s may be pasted", (text) => {
  expect(refusePaste(text)).toBeUndefined();
});

test.each([
  ["a reference", "vault://kv/a#b", "", false],
  ["a reference as Connect holds it", "${vault:kv/a:b}", "", false],
  ["a secret into an empty field", "hunter2", "", true],
  ["a key name behind what is there", "password", "vault://kv/a#", false],
  ["a random value behind what is there", "aX9kfPq02mLsT7", "vault://kv/a#", true],
  ["nothing", "  ", "", false],
] as const)("%s", (_case, text, current, refused) => {
  expect(refusePastedReference(text, current) !== undefined).toBe(refused);
});
