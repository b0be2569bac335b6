import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { STATUSES, StatusBadge } from "./status-badge.tsx";

afterEach(cleanup);

test.each(STATUSES)("%s says itself in words", (status) => {
  render(<StatusBadge status={status} />);

  expect(screen.getByText(status)).toBeInTheDocument();
});

test("no two statuses share a shape", () => {
  const shapes = STATUSES.map((status) => {
    const { container } = render(<StatusBadge status={status} />);
    return container.querySelector("svg")?.innerHTML;
  });

  expect(new Set(shapes).size).toBe(STATUSES.length);
});

test("the field's own word replaces the status word", () => {
  render(<StatusBadge status="held">paused</StatusBadge>);

  expect(screen.getByText("paused")).toBeInTheDocument();
  expect(screen.queryByText("held")).not.toBeInTheDocument();
});
