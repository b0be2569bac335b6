import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PreferencesProvider } from "#components/shell/preferences-provider.tsx";
import { ShortcutListener } from "#components/shell/shortcuts.tsx";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import type { ConnectorView } from "./connector-outputs.ts";
import { EditForm } from "./edit-form.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
beforeEach(() => sessionStorage.clear());
afterEach(() => {
  cleanup();
  push.mockReset();
});

const connector = {
  cluster: "lab",
  name: "shop",
  plugin: "io.example.Source",
  config: { "connector.class": "io.example.Source", "tasks.max": "1" },
} as unknown as ConnectorView;

function show() {
  const form = (
    <PreferencesProvider initial={{ nav: "wide", density: "compact", shortcuts: "on" }}>
      <EditForm connector={connector} liveHash="h" />
      <ShortcutListener />
    </PreferencesProvider>
  );
  return renderWithReplies(form, {
    "connectors.clusters": () => [{ name: "lab", configProvider: "vault" }],
    "connectors.pluginKeys": () => [],
    "connectors.proposeUpdate": () => ({ planId: "p1" }),
  });
}

const key = () => screen.findByRole("textbox", { name: /tasks\.max/ });
const json = () => screen.getByRole("textbox", { name: "Configuration as JSON" });
const proposals = (requests: { procedure: string }[]) =>
  requests.filter(({ procedure }) => procedure === "connectors.proposeUpdate").length;

test("Ctrl-Enter pressed twice proposes one plan", async () => {
  const { requests } = show();
  fireEvent.change(await key(), { target: { value: "2" } });

  await userEvent.keyboard("{Control>}{Enter}{Enter}{/Control}");
  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  await userEvent.keyboard("{Control>}{Enter}{/Control}");

  expect(proposals(requests)).toBe(1);
});

test("JSON that cannot be read is kept over a look at the keys, and nothing else is proposed in its place", async () => {
  const { requests } = show();
  fireEvent.change(await key(), { target: { value: "2" } });
  await userEvent.click(screen.getByRole("tab", { name: "JSON" }));
  fireEvent.change(json(), { target: { value: '{ "tasks.max": ' } });

  await userEvent.click(screen.getByRole("tab", { name: "Keys" }));
  await userEvent.click(screen.getByRole("button", { name: /Propose plan/ }));
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await userEvent.click(screen.getByRole("tab", { name: "JSON" }));

  expect(json()).toHaveValue('{ "tasks.max": ');
  expect(proposals(requests)).toBe(0);
});

test("the JSON follows a change that is undone beside it", async () => {
  show();
  await userEvent.click(screen.getByRole("tab", { name: "JSON" }));
  fireEvent.change(json(), {
    target: { value: '{ "connector.class": "io.example.Source", "tasks.max": "7" }' },
  });

  await userEvent.click(screen.getByRole("button", { name: "Undo the change of tasks.max" }));

  expect((json() as HTMLTextAreaElement).value).toContain('"tasks.max": "1"');
});
