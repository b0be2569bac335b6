import fc from "fast-check";
import { expect, test } from "vitest";
import { type AuditFacts, auditContent, canonicalJson, chainText, storable } from "./entry.ts";

const facts: AuditFacts = {
  actId: "4d1c0f3e-7a55-4f6e-9d5e-2f3b1a000001",
  intentSeq: null,
  actorId: "ada",
  actorName: "Ada Brandt",
  actorRoles: ["admin"],
  via: "browser",
  action: "connector.pause",
  subject: { cluster: "lab", name: "shop-source" },
  outcome: "pending",
  detail: { before: { b: 1, a: [true, null] }, reason: "release" },
};

test("the hashed text does not depend on the order of keys", () => {
  const turned = { ...facts, detail: { reason: "release", before: { a: [true, null], b: 1 } } };

  expect(auditContent(turned)).toBe(auditContent(facts));
});

test("every fact is part of the hashed text", () => {
  const changes: Partial<AuditFacts>[] = [
    { actId: "4d1c0f3e-7a55-4f6e-9d5e-2f3b1a000002" },
    { intentSeq: 7 },
    { actorId: "eve" },
    { actorName: "Eve" },
    { actorRoles: ["viewer"] },
    { via: "worker" },
    { action: "connector.resume" },
    { subject: { cluster: "lab", name: "other" } },
    { outcome: "succeeded" },
    { detail: {} },
  ];

  const texts = changes.map((change) => auditContent({ ...facts, ...change }));

  expect(new Set([...texts, auditContent(facts)]).size).toBe(changes.length + 1);
});

test("columns that are not facts do not change the hashed text", () => {
  const row = { ...facts, seq: 12, hash: "f".repeat(64) };

  expect(auditContent(row)).toBe(auditContent(facts));
});

test("the chain text carries predecessor, number, time in milliseconds and content", () => {
  expect(chainText("0".repeat(64), 1, new Date("2026-11-21T10:00:00.007Z"), "abc")).toBe(
    `${"0".repeat(64)} 1 2026-11-21T10:00:00.007Z abc`,
  );
});

test.each([
  ["a date becomes its text", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
  ["undefined disappears", { a: undefined, b: 1 }, { b: 1 }],
  ["NUL is replaced in values and keys", { "k\u0000": "a\u0000b" }, { "k\ufffd": "a\ufffdb" }],
  ["half a surrogate pair is replaced", { a: "x\ud800" }, { a: "x\ufffd" }],
])("%s", (_what, given, stored) => {
  expect(storable(given)).toEqual(stored);
});

test("what is storable stays as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const once = storable(value);
      expect(canonicalJson(storable(once))).toBe(canonicalJson(once));
    }),
  );
});
