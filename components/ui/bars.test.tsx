import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Bars } from "./bars.tsx";

afterEach(cleanup);

test("a zero stands on the ground without a bar, what is not known is a gap", () => {
  render(<Bars values={[0, 5, null, 10]} words="At most 10" />);

  const places = [...screen.getByRole("img", { name: "At most 10" }).querySelectorAll("g")];

  expect(places.map((place) => place.getAttribute("transform"))).toEqual([
    "translate(0 0)",
    "translate(4 0)",
    "translate(12 0)",
  ]);
  expect(places.map((place) => place.querySelector("rect")?.getAttribute("height") ?? "none")).toEqual([
    "none",
    "9",
    "18",
  ]);
});
