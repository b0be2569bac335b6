import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatConnectReference,
  formatReference,
  parseConnectReference,
  parseReference,
  ReferenceText,
  referencesIn,
} from "./reference.ts";

test.each([
  ["vault://kv/shop/connector#password", { mount: "kv", path: "shop/connector", key: "password" }],
  ["vault://kv/shop#password@3", { mount: "kv", path: "shop", key: "password", version: 3 }],
  ["  vault://kv/shop#password ", { mount: "kv", path: "shop", key: "password" }],
  ["${vault:kv/shop:password}", { mount: "kv", path: "shop", key: "password" }],
  ["${vault:kv/shop?version=12:password}", { mount: "kv", path: "shop", key: "password", version: 12 }],
] as const)("%s is read", (text, reference) => {
  expect(parseReference(text)).toEqual({ ok: true, reference });
});

test.each([
  ["a secret itself", "hunter2!", "not a reference"],
  ["nothing", "", "Write a reference like"],
  ["no key", "vault://kv/shop", "key of the secret is missing"],
  ["an empty key", "vault://kv/shop#", "key of the secret is missing"],
  ["no path", "vault://kv#password", "mount and the path"],
  ["an empty part", "vault://kv//shop#password", "mount and the path"],
  ["data/ as in the HTTP API", "vault://kv/data/shop#password", "Leave out data/"],
  ["a dot segment", "vault://kv/../sys#password", "no part may start with a dot"],
  ["a percent escape", "vault://kv/%2e%2e/sys#password", "letters, digits"],
  ["a query", "vault://kv/shop?version=2#password", "letters, digits"],
  ["version 0", "vault://kv/shop#password@0", "whole number"],
  ["a version in words", "vault://kv/shop#password@latest", "whole number"],
  ["two versions", "vault://kv/shop#password@1@2", "Only one @"],
  ["another query in the form for Connect", "${vault:kv/shop?list=1:password}", "Only ?version=N"],
  ["text around the form for Connect", "a${vault:kv/shop:password}", "not a reference"],
] as const)("%s is refused", (_case, text, problem) => {
  expect(parseReference(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test("a problem never repeats what was pasted", () => {
  for (const text of [
    "hunter2",
    "vault://hunter2",
    "vault://kv/hunter2",
    "${vault:hunter2}",
    "vault://a/b#hunter2@x",
  ]) {
    const parsed = parseReference(text);
    expect(parsed.ok ? "" : parsed.problem).not.toContain("hunter2");
    const field = ReferenceText.safeParse(text);
    expect(field.success ? "" : JSON.stringify(field.error.issues)).not.toContain("hunter2");
  }
});

test("a reference of another provider is refused", () => {
  expect(parseConnectReference("${file:kv/shop:password}", "vault").ok).toBe(false);
});

test("both forms give back what they were made from", () => {
  const segment = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}$/);
  const reference = fc.record(
    {
      mount: segment,
      path: fc
        .array(segment, { minLength: 1, maxLength: 4 })
        .filter((parts) => parts[0] !== "data")
        .map((parts) => parts.join("/")),
      key: segment,
      version: fc.integer({ min: 1, max: 99_999 }),
    },
    { requiredKeys: ["mount", "path", "key"] },
  );
  fc.assert(
    fc.property(reference, (made) => {
      expect(parseReference(formatReference(made))).toEqual({ ok: true, reference: made });
      expect(parseConnectReference(formatConnectReference(made, "vault"), "vault")).toEqual({
        ok: true,
        reference: made,
      });
      expect(ReferenceText.parse(formatConnectReference(made))).toBe(formatReference(made));
    }),
  );
});

test("references are found wherever they stand in a value", () => {
  const value =
    "jdbc:x?user=${vault:kv/shop:username}&password=${vault:kv/shop:password}&t=${topic}&f=${file:a/b:c}";

  expect(referencesIn(value, "vault").map(formatReference)).toEqual([
    "vault://kv/shop#username",
    "vault://kv/shop#password",
  ]);
});
