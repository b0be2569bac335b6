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
