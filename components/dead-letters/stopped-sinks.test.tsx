import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { StoppedSinks } from "./stopped-sinks.tsx";

afterEach(cleanup);

test("a sink that has stopped is named, with the way to what stopped it", async () => {
  const { requests } = renderWithReplies(<StoppedSinks />, {
    "connectors.list": () => ({ total: 1, rows: [{ cluster: "lab", name: "warehouse-sink" }] }),
  });

  expect(await screen.findByText("The sink warehouse-sink has stopped.")).toBeVisible();
  expect(screen.getByRole("link", { name: "See what stopped it" })).toHaveAttribute(
    "href",
    "/connectors/lab/warehouse-sink",
  );
  expect(requests[0]?.input).toMatchObject({ filter: expect.stringContaining("type:sink") });
});

test("more than are named are counted, with the way to all of them", async () => {
  renderWithReplies(<StoppedSinks />, {
    "connectors.list": () => ({ total: 7, rows: [{ cluster: "lab", name: "warehouse-sink" }] }),
  });

  expect(await screen.findByText("6 more sinks have stopped.")).toBeVisible();
  expect(screen.getByRole("link", { name: "See all that have stopped" })).toHaveAttribute(
    "href",
    "/connectors?q=type%3Asink+state%3Afailed+state%3Adegraded",
  );
});
