import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Button } from "./button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "./dropdown-menu.tsx";

afterEach(cleanup);

test.each([{ blockedBecause: "Only engineers may" }, { pending: true }])(
  "a button with %o opens no menu, neither by pointer nor by key, and stays reachable",
  async (state) => {
    render(
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button {...state}>More</Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem>Delete</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>,
    );

    await userEvent.click(screen.getByRole("button"));
    expect(screen.getByRole("button")).toHaveFocus();
    await userEvent.keyboard("{Enter}{ArrowDown} ");

    expect(screen.queryByRole("menu")).toBeNull();
  },
);

test("keys that do nothing to a blocked button still reach who listens", async () => {
  const onKeyDown = vi.fn();
  render(
    <Button blockedBecause="Not now" onKeyDown={onKeyDown}>
      More
    </Button>,
  );

  await userEvent.tab();
  await userEvent.keyboard("{Enter}{Escape}");

  expect(onKeyDown).toHaveBeenCalledOnce();
});
