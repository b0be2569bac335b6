import { cleanup, screen } from "@testing-library/react";
import { withNuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { CredentialList } from "./credential-list.tsx";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
  usePathname: () => "/credentials",
}));
afterEach(cleanup);

const replies = (state: string): Replies => ({
  "credentials.list": () => ({ rows: [], total: 2, states: { ok: 2 } }),
  "catalog.clusters": () => ({
    clusters: [
      {
        name: "lab",
        upstreams: [
          {
            upstream: "vault",
            state,
            message: "Vault of lab refuses connections",
            lastOkAt: null,
            since: null,
            facts: {},
          },
        ],
      },
    ],
    hint: null,
  }),
});
const Adapter = withNuqsTestingAdapter();
const list = (
  <Adapter>
    <CredentialList />
  </Adapter>
);

test("while Vault answers, the page says that all is well", async () => {
  renderWithReplies(list, replies("up"));

  expect(await screen.findByText("All 2 references in use are in Vault and readable.")).toBeVisible();
});

test.each(["down", "sealed", "unknown"])(
  "while Vault is %s, it is named and nothing is called readable",
  async (state) => {
    renderWithReplies(list, replies(state));

    expect(await screen.findByText(/References of lab are shown as they were/)).toBeVisible();
    expect(screen.getByText("Vault of lab refuses connections")).toBeVisible();
    expect(screen.queryByText(/readable/)).toBeNull();
  },
);

test.each([
  ["fails", () => new Refusal(500, "Reference 1234", { code: "INTERNAL_SERVER_ERROR" })],
  ["is not there yet", () => new Promise(() => undefined)],
])("while the state of the clusters %s, nothing is called readable", async (_how, clusters) => {
  renderWithReplies(list, {
    ...replies("up"),
    "catalog.clusters": clusters,
  });

  expect(await screen.findByText("2 references")).toBeVisible();
  expect(screen.queryByText(/and readable/)).toBeNull();
});
