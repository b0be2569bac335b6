import fc from "fast-check";
import { expect, test } from "vitest";
import { safeReturnPath } from "./return-path.ts";

test.each([
  ["/connectors/lab/shop?tab=tasks#t1", "/connectors/lab/shop?tab=tasks#t1"],
  ["/", "/"],
  ["/a/../b", "/b"],
])("%s is kept", (wanted, path) => {
  expect(safeReturnPath(wanted)).toBe(path);
});

test.each([
  ["nothing", undefined],
  ["empty", ""],
  ["another site", "https://evil.example/"],
  ["another site without protocol", "//evil.example/"],
  ["a backslash that browsers read as a slash", "/\\evil.example"],
  ["a tab inside two slashes", "/\t/evil.example"],
  ["dots that leave two slashes", "/.//evil.example"],
  ["a script", "javascript:alert(1)"],
  ["a relative path", "connectors"],
  ["an API address", "/api/auth/sign-out"],
  ["the sign-in page itself", "/sign-in?returnTo=/x"],
  ["an endless path", `/${"a".repeat(3_000)}`],
])("%s leads to the start page", (_what, wanted) => {
  expect(safeReturnPath(wanted)).toBe("/");
});

test("whatever is asked for, the browser stays on this site", () => {
  // Also half a surrogate pair. fast-check's own unit "binary" takes seconds to prepare.
  const unit = fc.nat(0xffff).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(fc.string({ unit }), fc.constantFrom("", "/", "//", "/\\", "/.//", "\t//"), (text, start) => {
      const path = safeReturnPath(start + text);
      expect(new URL(path, "https://headgate.example").origin).toBe("https://headgate.example");
    }),
    { numRuns: 500 },
  );
});
