import { expect, test } from "vitest";
import { credentialAnswer } from "./credential-answer.ts";

test.each([
  [0, {}, "Nothing refers to a secret in Vault yet."],
  [4, { ok: 4 }, "All 4 references in use are in Vault and readable."],
  [4, { ok: 3, key_missing: 1 }, "1 reference of 4 does not work."],
  [4, { ok: 1, denied: 2, unchecked: 1 }, "2 references of 4 do not work; 1 reference could not be checked."],
  [2, { unreachable: 2 }, "2 references could not be checked."],
] as const)("%i with %o", (total, states, answer) => {
  expect(credentialAnswer(total, states)).toBe(answer);
});
