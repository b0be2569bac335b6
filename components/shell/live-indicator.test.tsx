import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveIndicator } from "./live-indicator.tsx";
import { reportChannel, reportContact } from "./live-status.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-21T10:00:00Z") });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1_000));

test("an open stream that has fallen silent is not called live", () => {
  reportChannel("open");
  render(<LiveIndicator />);
  expect(screen.getByText("Live")).toBeVisible();

  pass(61);

  expect(screen.getByText(/^Stale/)).toBeVisible();
  act(() => reportContact());
  pass(1);
  expect(screen.getByText("Live")).toBeVisible();
});

test("screen readers hear of the state, not of every second of it", () => {
  reportChannel("polling");
  act(() => reportContact());
  render(<LiveIndicator />);
  pass(3);
  const heard = screen.getByRole("status").textContent;
  expect(screen.getByText("Polling 3 s")).toBeVisible();

  pass(4);

  expect(screen.getByText("Polling 7 s")).toBeVisible();
  expect(screen.getByRole("status").textContent).toBe(heard);
});
