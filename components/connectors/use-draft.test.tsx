import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { useDraft } from "./use-draft.ts";

interface Draft {
  text: string;
}
const parse = (value: unknown) => value as Draft;
const use = () => renderHook(() => useDraft<Draft>("draft", parse, () => ({ text: "" })));

beforeEach(() => sessionStorage.clear());

test("a draft survives a reload", () => {
  const before = use();
  act(() => before.result.current[1]({ text: "half done" }));

  expect(use().result.current[0]).toEqual({ text: "half done" });
});

test("a draft that holds a secret is written nowhere, and takes the one before it along", () => {
  const { result } = use();
  act(() => result.current[1]({ text: "harmless" }));
  act(() => result.current[1]({ text: "postgres://u:hunter2@h/db" }));

  expect(JSON.stringify({ ...sessionStorage })).not.toContain("hunter2");
  expect(use().result.current[0]).toEqual({ text: "" });
});

test("damage in the storage is as good as nothing", () => {
  sessionStorage.setItem("draft", "{not json");

  expect(use().result.current[0]).toEqual({ text: "" });
});

test("forgetting leaves nothing", () => {
  const { result } = use();
  act(() => result.current[1]({ text: "x" }));
  act(() => result.current[2]());

  expect(sessionStorage.length).toBe(0);
});
