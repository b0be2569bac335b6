import { expect, test } from "vitest";
import { readCheckpoint, type ScanState, writeCheckpoint } from "./checkpoint.ts";

test("a run goes on with everything it knew, bytes, large numbers and unstable keys included", () => {
  const state: ScanState = {
    subject: "orders",
    hash: "native",
    space: { kind: "integer-range", origin: -(2n ** 60n), width: 16n },
    slices: [
      { kind: "range", from: undefined, to: 2n ** 55n },
      { kind: "range", from: 2n ** 55n, to: undefined },
    ],
    done: 1,
    rows: { source: 3, target: 2 },
    sums: { source: 2n ** 64n - 1n, target: 0n },
    verifiedThrough: { position: "0/16B6C50", at: new Date("2026-11-01T00:00:00Z") },
    server: "7300000000000000000",
    suspects: [
      { key: "7", seen: "\u0000\u00ff", votes: 0, rounds: 0 },
      { key: "8", seen: undefined, votes: 0, rounds: 0 },
    ],
    found: { missing_in_target: 1, missing_in_source: 0, value_mismatch: 0 },
    inFlight: 4,
    unstable: ["9"],
  };

  const stored = JSON.parse(JSON.stringify(writeCheckpoint(state)));

  expect(readCheckpoint(stored, "orders")).toEqual(state);
});
