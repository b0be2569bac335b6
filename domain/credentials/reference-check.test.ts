import { expect, test } from "vitest";
import {
  type CheckFacts,
  judgeReference,
  ReferenceCheck,
  type SecretLook,
  unansweredCheck,
} from "./reference-check.ts";

const checkedAt = new Date("2026-11-21T10:00:00Z");
const createdAt = new Date("2026-11-20T10:00:00Z");
const reference = { mount: "kv", path: "shop/connector", key: "password" };
const question = { cluster: "main", reference, reader: "connector", checkedAt } as const;

const present = (over: Partial<Extract<SecretLook, { state: "present" }>> = {}): SecretLook => ({
  state: "present",
  version: 3,
  newestVersion: 3,
  createdAt,
  expiresAt: undefined,
  keys: ["username", "password"],
  ...over,
});
const facts = (look: SecretLook, over: Partial<CheckFacts> = {}): CheckFacts => ({
  look,
  connectorMayRead: "yes",
  headgateMayRead: "no",
  ...over,
});

test.each([
  ["present and readable", facts(present()), "ok", "is there in version 3", undefined],
  [
    "another key",
    facts(present({ keys: ["user"] })),
    "key_missing",
    "no key password in version 3",
    "Its keys are: user",
  ],
  ["no keys at all", facts(present({ keys: [] })), "key_missing", "no key password", "Its keys are: none"],
  [
    "no secret",
    facts({ state: "missing" }),
    "secret_missing",
    "no secret at kv/shop/connector",
    "vault kv put",
  ],
  [
    "deleted",
    facts({ state: "deleted", version: 2, deletedAt: createdAt }),
    "deleted",
    "Version 2",
    "undelete",
  ],
  [
    "destroyed",
    facts({ state: "destroyed", version: 2 }),
    "destroyed",
    "cannot be brought back",
    "new version",
  ],
  [
    "no such version",
    facts({ state: "version_missing", newestVersion: 4 }),
    "version_missing",
    "newest is 4",
    "Pin",
  ],
  ["no mount", facts({ state: "no_mount" }), "no_mount", "mounted at kv", "first part"],
  [
    "Headgate may not look",
    facts({ state: "denied", path: "kv/subkeys/shop/connector" }),
    "denied",
    "does not let Headgate look at kv/subkeys/shop/connector",
    "read on kv/subkeys/shop/connector",
  ],
  [
    "the connectors may not read",
    facts(present(), { connectorMayRead: "no" }),
    "denied",
    "does not let the connectors read kv/data/shop/connector",
    "the connectors' policy read on kv/data/shop/connector",
  ],
] as const)("%s", (_case, given, state, sentence, fix) => {
  const check = judgeReference(question, given);

  expect(check.state).toBe(state);
  expect(check.sentence).toContain(sentence);
  if (fix === undefined) expect(check.fix).toBeUndefined();
  else expect(check.fix).toContain(fix);
  expect(ReferenceCheck.parse(check)).toEqual(check);
});

test("Headgate's own reference needs Headgate's own permission", () => {
  const own = { ...question, reader: "headgate" } as const;

  expect(judgeReference(own, facts(present()))).toMatchObject({
    state: "denied",
    deniedPath: "kv/data/shop/connector",
  });
  expect(judgeReference(own, facts(present(), { headgateMayRead: "yes" }))).toMatchObject({
    state: "ok",
    remarks: [],
  });
});

test.each([
  ["an old pin", facts(present({ version: 2 })), "Pinned to version 2; the newest is 3"],
  ["an unknown permission", facts(present(), { connectorMayRead: "unknown" }), "connectorAccessor"],
  ["a policy that is too wide", facts(present(), { headgateMayRead: "yes" }), "should not"],
] as const)("%s is a remark, not a refusal", (_case, given, remark) => {
  expect(judgeReference(question, given)).toMatchObject({
    state: "ok",
    remarks: [expect.stringContaining(remark)],
  });
});

test.each(["sealed", "unreachable", "not_configured"] as const)("%s says what to do", (state) => {
  const check = unansweredCheck(question, state, "Vault did not answer");

  expect(check).toMatchObject({ state, exists: false, readerMayRead: "unknown" });
  expect(check.fix).not.toBe("");
});
