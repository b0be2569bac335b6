import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text.ts";

afterEach(() => vi.unstubAllGlobals());

test("what was copied is said to be", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });

  expect(await copyText("a")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("a");
});

test.each([
  ["a browser that refuses", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } }],
  ["a page that came without TLS, where browsers have no clipboard", {}],
])("%s is a no, not a crash", async (_case, navigator) => {
  vi.stubGlobal("navigator", navigator);

  expect(await copyText("a")).toBe(false);
});
