import { expect, test } from "vitest";
import { askable, readRange } from "./history-range.ts";

const now = Date.UTC(2026, 2, 10, 12, 0, 30);
const read = (query: string) => readRange(new URLSearchParams(query), now);

test("the last week unless the address says otherwise", () => {
  expect(read("")).toEqual({
    name: "7 d",
    from: new Date("2026-03-03T12:01:00Z"),
    to: new Date("2026-03-10T12:01:00Z"),
  });
  expect(read("range=24 h").from).toEqual(new Date("2026-03-09T12:01:00Z"));
});

test("a span in the address is the same for everybody", () => {
  expect(read("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")).toEqual({
    name: undefined,
    from: new Date("2026-01-01T00:00:00Z"),
    to: new Date("2026-01-02T00:00:00Z"),
  });
});

test.each([
  "from=x&to=y",
  "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
  "range=1 y",
  "range=toString",
])("%s means nothing and is passed over", (query) => {
  expect(read(query).name).toBe("7 d");
});

test("a span of years, or of the future, becomes one that can be answered", () => {
  const now = Date.UTC(2026, 0, 10);
  const day = 86_400_000;
  expect(askable({ from: new Date(now - 720 * day), to: new Date(now) }, now)).toEqual({
    from: new Date(now - 400 * day),
    to: new Date(now),
  });
  expect(askable({ from: new Date(now - day), to: new Date(now + day) }, now)).toEqual({
    from: new Date(now - 2 * day),
    to: new Date(now),
  });
});
