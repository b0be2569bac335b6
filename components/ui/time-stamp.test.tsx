import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ClockProvider, reportServerTime } from "./clock.tsx";
import { TimeStamp } from "./time-stamp.tsx";

const at = new Date("2026-11-21T10:16:14Z");

beforeEach(() => {
  vi.useFakeTimers({ now: at.getTime() + 240_000 });
});

afterEach(() => {
  cleanup();
  reportServerTime(Date.now());
  vi.useRealTimers();
});

test("the age is shown and ticks", () => {
  render(<TimeStamp value={at} />);
  expect(screen.getByRole("button")).toHaveTextContent("4 min ago");

  act(() => vi.advanceTimersByTime(60_000));

  expect(screen.getByRole("button")).toHaveTextContent("5 min ago");
});

test("focus shows the absolute time in UTC and local, and what happened then", () => {
  render(<TimeStamp value={at} event="captured" />);

  fireEvent.focus(screen.getByRole("button"));

  const bubble = screen.getByRole("tooltip");
  expect(bubble).toHaveTextContent("captured");
  expect(bubble).toHaveTextContent("2026-11-21 10:16:14 UTC");
  expect(bubble).toHaveTextContent(/[+-]\d\d:\d\d local/);
});

test("a click copies ISO 8601", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  render(<TimeStamp value={at} />);

  await act(async () => fireEvent.click(screen.getByRole("button")));

  expect(writeText).toHaveBeenCalledWith("2026-11-21T10:16:14.000Z");
  vi.unstubAllGlobals();
});

test("what never happened says so", () => {
  render(<TimeStamp value={undefined} />);

  expect(screen.getByText("never")).toBeInTheDocument();
});

test("ages follow the server's clock when this machine's is wrong", () => {
  reportServerTime(Date.now() + 3_600_000);

  render(<TimeStamp value={at} />);

  expect(screen.getByRole("button")).toHaveTextContent("1 h ago");
});

test("the server's HTML says the age as of when it was made", () => {
  const html = renderToString(
    <ClockProvider renderedAt={at.getTime() + 30_000}>
      <TimeStamp value={at} />
    </ClockProvider>,
  );

  expect(html).toContain("30 s ago");
});
