import { expect, test } from "vitest";
import { shownKey } from "./shown-key.ts";

test.each([
  ["id=42", "id=42"],
  ["tenant=3, id=-42", "tenant=3, id=-42"],
  ["email=ada@example.org", "discrepancy 7"],
  ["tenant=eu, id=42", "discrepancy 7"],
  ["card=123456789012345678901", "discrepancy 7"],
])("%s is called %s", (keyText, expected) => {
  expect(shownKey({ keyText, discrepancyId: 7 })).toBe(expected);
});
