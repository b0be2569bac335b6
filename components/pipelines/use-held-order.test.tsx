import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { useHeldOrder } from "./use-held-order.ts";

afterEach(cleanup);

function Lanes({ names }: { names: readonly string[] }) {
  const { ordered, handlers } = useHeldOrder(names, (name) => name);
  return (
    <>
      <div data-testid="lanes" {...handlers}>
        {ordered.map((name) => (
          <button
            key={name}
            type="button"
            onKeyDown={() => screen.getByRole("button", { name: "b" }).focus()}
          >
            {name}
          </button>
        ))}
      </div>
      <a href="/">outside</a>
    </>
  );
}

const order = () => screen.getAllByRole("button").map((button) => button.textContent);

test("lanes stay where they are while one of them has the focus, also when arrows move it on", () => {
  const { rerender } = render(<Lanes names={["a", "b", "c"]} />);
  act(() => screen.getByRole("button", { name: "a" }).focus());
  fireEvent.keyDown(screen.getByRole("button", { name: "a" }), { key: "ArrowDown" });

  rerender(<Lanes names={["c", "b", "a"]} />);
  expect(order()).toEqual(["a", "b", "c"]);
  act(() => screen.getByRole("link").focus());
  rerender(<Lanes names={["c", "b", "a"]} />);

  expect(order()).toEqual(["c", "b", "a"]);
});

test("the pointer leaving does not move lanes from under the focus", () => {
  const { rerender } = render(<Lanes names={["a", "b"]} />);
  fireEvent.pointerEnter(screen.getByTestId("lanes"));
  act(() => screen.getByRole("button", { name: "a" }).focus());

  fireEvent.pointerLeave(screen.getByTestId("lanes"));
  rerender(<Lanes names={["b", "a"]} />);

  expect(order()).toEqual(["a", "b"]);
});
