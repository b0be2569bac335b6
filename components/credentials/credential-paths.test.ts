import { expect, test } from "vitest";
import { credentialParam, readCredentialParam } from "./credential-paths.ts";

const ref = { cluster: "lab", reader: "connector", reference: "vault://secret/a/b#c@2" } as const;

test("a panel's address gives back what it was made from", () => {
  expect(readCredentialParam(credentialParam(ref))).toEqual(ref);
});

test.each(["", "lab", "lab nobody vault://a/b#c", "lab connector", "lab connector a b"])(
  "%j opens no panel",
  (param) => {
    expect(readCredentialParam(param)).toBeUndefined();
  },
);
