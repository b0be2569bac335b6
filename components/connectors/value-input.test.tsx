import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { ConfigRow } from "#domain/connectors/config-rows.ts";
import { ValueInput } from "./value-input.tsx";

afterEach(cleanup);

function aRow(over: Partial<ConfigRow> = {}): ConfigRow {
  return {
    name: "some.key",
    label: "Some key",
    documentation: "",
    group: "",
    type: "STRING",
    isRequired: false,
    isSecret: false,
    isUnlisted: false,
    default: null,
    value: undefined,
    effect: { effect: "restart", consequence: "" },
    ...over,
  };
}

function show(row: ConfigRow) {
  const onChange = vi.fn();
  const control = { id: "field", "aria-describedby": undefined, "aria-invalid": undefined };
  render(<ValueInput control={control} row={row} configProvider="vault" onChange={onChange} />);
  return { onChange, input: screen.queryByRole("textbox") as HTMLInputElement | null };
}

function paste(input: HTMLInputElement | null, text: string) {
  if (!input) throw new Error("there is no text field");
  return fireEvent.paste(input, { clipboardData: { getData: () => text } });
}

test("a secret typed into a secret's field goes nowhere, and the way is shown", async () => {
  const { onChange, input } = show(aRow({ name: "database.password", type: "PASSWORD", isSecret: true }));

  await userEvent.type(input as HTMLInputElement, "hunter2");

  expect(onChange).not.toHaveBeenCalled();
  expect(screen.getByRole("alert").textContent).toContain("${vault:mount/path:key}");
});

test.each([
  ["a password into a secret's field", { isSecret: true }, "hunter2"],
  ["an address with a password into any field", {}, "postgres://u:hunter2@h/db"],
  ["a private key into any field", {}, "-----BEGIN PRIVATE KEY-----\nMIIE"],
])("pasting %s leaves nothing in the page", (_case, over, secret) => {
  const { onChange, input } = show(aRow(over));

  const isHandledByBrowser = paste(input, secret);

  expect(isHandledByBrowser).toBe(false);
  expect(onChange).not.toHaveBeenCalled();
  expect(document.body.innerHTML).not.toContain(secret);
  expect(screen.getByRole("alert").textContent).toContain("taken out");
});

test("a whole reference is taken", () => {
  const { onChange, input } = show(aRow({ isSecret: true }));
  if (!input) throw new Error("there is no text field");

  fireEvent.change(input, { target: { value: "${vault:secret/connectors/shop:password}" } });

  expect(onChange).toHaveBeenCalledWith("${vault:secret/connectors/shop:password}");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("resetting takes the key out, so that the default holds", async () => {
  const { onChange } = show(aRow({ value: "5", default: "3" }));

  await userEvent.click(screen.getByRole("button", { name: "Reset some.key to its default" }));

  expect(onChange).toHaveBeenCalledWith(undefined);
});

test("a yes or no is chosen, with the default named", () => {
  show(aRow({ type: "BOOLEAN", default: "false" }));

  expect(screen.getByRole("option", { name: "default (false)" })).toBeTruthy();
});
