import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(() => {
  cleanup();
  push.mockReset();
});

const leftover = (kind: string, name: string, over: object = {}) => ({
  id: `${kind}:${name}`,
  kind,
  name,
  keeping: `Keeping ${name}.`,
  removing: `Removing ${name}.`,
  removeByDefault: false,
  neededBy: [],
  ...over,
});
const leftovers = [
  leftover("slot", "headgate_shop", { removeByDefault: true }),
  leftover("dead-letter-topic", "dlq-shop"),
  leftover("topic", "shop.public.orders", { neededBy: ["warehouse"], removeByDefault: true }),
];
const connector = { cluster: "lab", name: "shop" };

test("what costs when forgotten is chosen already, what others need cannot be, and the plan gets exactly the choice", async () => {
  const { requests } = renderWithReplies(<DeleteDialog connector={connector} onClose={() => undefined} />, {
    "connectors.leftovers": () => leftovers,
    "connectors.proposeDelete": () => ({ planId: "p1" }),
  });

  await userEvent.click(await screen.findByRole("checkbox", { name: /Dead-letter topic dlq-shop/ }));
  const needed = screen.getByRole("checkbox", { name: /shop\.public\.orders/ });
  expect(needed).toBeDisabled();
  expect(needed).not.toBeChecked();
  await userEvent.click(screen.getByRole("button", { name: "Plan to delete the connector and 2 leftovers" }));

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(requests.at(-1)).toMatchObject({
    procedure: "connectors.proposeDelete",
    input: { ...connector, remove: ["slot:headgate_shop", "dead-letter-topic:dlq-shop"] },
  });
});

test("a refusal stays in the dialog with its reason", async () => {
  renderWithReplies(<DeleteDialog connector={connector} onClose={() => undefined} />, {
    "connectors.leftovers": () => [],
    "connectors.proposeDelete": () =>
      new Refusal(503, "Kafka of lab did not answer", {
        code: "SERVICE_UNAVAILABLE",
        reason: "upstream_unavailable",
        upstream: "Kafka",
      }),
  });

  await userEvent.click(await screen.findByRole("button", { name: "Plan to delete the connector" }));

  expect(await screen.findByText(/Kafka of lab did not answer/)).toBeVisible();
  expect(push).not.toHaveBeenCalled();
});
