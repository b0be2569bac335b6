import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { parseReference } from "#domain/credentials/reference.ts";
import type { ReferenceCheck } from "#domain/credentials/reference-check.ts";
import { CredentialRef } from "#domain/credentials/schema.ts";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { DatabaseForm } from "./database-form.tsx";
import { emptyDraft } from "./form-fields.ts";

afterEach(cleanup);

function check(input: unknown): ReferenceCheck {
  const { cluster, reader, reference } = CredentialRef.parse(input);
  const parsed = parseReference(reference);
  if (!parsed.ok) throw new Error("the browser asked about something that is no reference");
  const isThere = parsed.reference.key !== "passwort";
  return {
    cluster,
    reader,
    reference: parsed.reference,
    state: isThere ? "ok" : "key_missing",
    exists: true,
    keyPresent: isThere,
    readerMayRead: "yes",
    sentence: isThere ? "The secret is there in version 3" : "There is no key passwort",
    ...(isThere ? {} : { fix: "Its keys are: password" }),
    remarks: [],
    checkedAt: new Date(),
  };
}

const replies: Replies = {
  "connectors.clusters": () => [{ name: "lab" }],
  "credentials.check": check,
};

function show(
  onSave = vi.fn<(draft: DatabaseDraft) => Promise<unknown>>(async () => undefined),
  more: Replies = {},
) {
  const form = (
    <DatabaseForm
      initial={emptyDraft("lab")}
      verb="Register"
      pendingVerb="Registering…"
      cancelHref="/databases"
      onSave={onSave}
    />
  );
  return { ...renderWithReplies(form, { ...replies, ...more }), onSave, user: userEvent.setup() };
}

const box = (name: string) => screen.getByRole("textbox", { name });

async function fill(user: ReturnType<typeof userEvent.setup>) {
  await user.type(box("Name"), "shop");
  await user.type(box("Host"), "db.example.com");
  await user.type(box("Database"), "shop");
  for (const [label, path] of [
    ["Connectors' user", "vault://kv/connectors/shop#username"],
    ["Connectors' password", "vault://kv/connectors/shop#password"],
    ["Headgate's read-only user", "vault://kv/headgate/shop#username"],
    ["Headgate's read-only password", "vault://kv/headgate/shop#password"],
  ] as const) {
    await user.click(box(label));
    await user.paste(path);
  }
}

test("all errors are listed at once, each leading to its field, and nothing is saved", async () => {
  const { user, onSave } = show();

  await user.click(screen.getByRole("button", { name: "Register" }));

  expect(await screen.findByText("7 things need attention")).toBeVisible();
  expect(screen.getByRole("link", { name: "Host: Name the host" })).toHaveAttribute("href", "#database-host");
  expect(onSave).not.toHaveBeenCalled();
});

test("a reference says what Vault knows of it while it is typed", async () => {
  const { user } = show();

  await user.type(box("Connectors' password"), "vault://kv/connectors/shop#passwort");

  expect(await screen.findByText("There is no key passwort")).toBeVisible();
  expect(screen.getByText("Its keys are: password")).toBeVisible();
});

test.each([
  ["Connectors' password", "hunter2"],
  ["Host", "postgres://u:hunter2@h/db"],
  ["Name", "password=hunter2"],
])("a secret pasted into %s is not kept and does not leave the browser", async (label, secret) => {
  const { user, requests } = show();

  await user.click(box(label));
  await user.paste(secret);

  expect(box(label)).toHaveValue("");
  expect(await screen.findByText(/was not kept/)).toBeVisible();
  expect(requests.some(({ text }) => text.includes("hunter2"))).toBe(false);
});

test("a secret that is typed is not sent either", async () => {
  const { user, requests, onSave } = show();

  await user.type(box("Connectors' password"), "hunter2");
  await user.click(screen.getByRole("button", { name: "Register" }));

  expect((await screen.findAllByText(/not a reference/))[0]).toBeVisible();
  expect(onSave).not.toHaveBeenCalled();
  expect(requests.some(({ text }) => text.includes("hunter2"))).toBe(false);
});

test("what is saved is the canonical draft, blanks left out", async () => {
  const { user, onSave } = show();
  await fill(user);

  await user.click(screen.getByRole("button", { name: "Register" }));

  await waitFor(() => expect(onSave).toHaveBeenCalled());
  expect(onSave.mock.calls[0]?.[0]).toMatchObject({
    name: "shop",
    port: 5432,
    connectorPasswordRef: "vault://kv/connectors/shop#password",
    tlsCa: undefined,
    changeUserRef: undefined,
  });
});

test("the connection is tested with what is typed, and its result said in words", async () => {
  const { user, requests } = show(undefined, {
    "databases.testDraft": () => ({
      ok: false,
      problem: "refused",
      sentence: "Nothing accepts connections at db.example.com:5432",
      fix: "Check the port",
      testedAt: new Date(),
    }),
  });
  await fill(user);

  await user.click(screen.getByRole("button", { name: "Test the connection" }));

  expect(await screen.findByText("Nothing accepts connections at db.example.com:5432")).toBeVisible();
  expect(requests.find(({ procedure }) => procedure === "databases.testDraft")?.input).toMatchObject({
    host: "db.example.com",
  });
});

test("the result of a test goes when what was tested is changed", async () => {
  const { user } = show(undefined, {
    "databases.testDraft": () => ({
      ok: true,
      sentence: "Connected to PostgreSQL 18",
      serverVersion: "18",
      latencyMs: 1,
      isStandby: false,
      role: {},
      remarks: [],
      testedAt: new Date(),
    }),
  });
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Test the connection" }));
  expect(await screen.findByText("Connected to PostgreSQL 18")).toBeVisible();

  await user.type(box("Host"), ".elsewhere");

  await waitFor(() => expect(screen.queryByText("Connected to PostgreSQL 18")).toBeNull());
});

test("Vault's silence does not stop the form, and is said at the field", async () => {
  const { user } = show(undefined, {
    "credentials.check": () =>
      new Refusal(503, "Vault of lab did not answer within 2 s", {
        code: "SERVICE_UNAVAILABLE",
        reason: "upstream_unavailable",
        upstream: "Vault",
      }),
  });

  await user.type(box("Connectors' user"), "vault://kv/connectors/shop#username");

  expect(await screen.findByText(/did not answer within 2 s/)).toBeVisible();
});

test("pressed before the page is alive, the browser sends no field in an address", () => {
  const { container } = show();

  expect(container.querySelector("form")).toHaveAttribute("method", "dialog");
});
