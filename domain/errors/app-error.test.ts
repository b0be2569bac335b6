import { expect, test, vi } from "vitest";
import { AppError } from "./app-error.ts";

test("an error thrown by another copy of this module is recognised", async () => {
  vi.resetModules();
  const copy = await import("./app-error.ts");
  const error = new copy.AppError("not_found", "gone");

  expect(copy.AppError).not.toBe(AppError);
  expect(error instanceof AppError).toBe(true);
});

test.each([
  ["another error", new Error("x")],
  ["nothing", null],
  ["text", "AppError"],
  ["a look-alike", { code: "not_found" }],
])("%s is none", (_case, value) => {
  expect((value as unknown) instanceof AppError).toBe(false);
});
