import { expect, test } from "vitest";
import { judge, type Suspect, type Token, type Verdict } from "./suspect.ts";

/** Plays rounds as [target, source] until a verdict other than "again". */
function play(
  seen: Token,
  rounds: readonly (readonly [target: Token, source: Token])[],
  maxRounds = 12,
): Verdict["state"] {
  let suspect: Suspect = { key: "1", seen, votes: 0, rounds: 0 };
  for (const [target, source] of rounds) {
    const verdict = judge(suspect, target, source, maxRounds);
    if (verdict.state !== "again") return verdict.state;
    suspect = verdict.suspect;
  }
  return "again";
}

test.each([
  ["the target caught up", "a", [["a", "a"]], "in-sync"],
  ["the target is ahead: it has what the source has now", "a", [["b", "b"]], "in-sync"],
  ["a delete arrived", undefined, [[undefined, undefined]], "in-sync"],
  ["once is not enough", "a", [["x", "a"]], "again"],
  [
    "twice is",
    "a",
    [
      ["x", "a"],
      ["x", "a"],
    ],
    "confirmed",
  ],
  [
    "missing twice",
    "a",
    [
      [undefined, "a"],
      [undefined, "a"],
    ],
    "confirmed",
  ],
  [
    "extra twice",
    undefined,
    [
      ["x", undefined],
      ["x", undefined],
    ],
    "confirmed",
  ],
  [
    "a change in between begins anew",
    "a",
    [
      ["x", "a"],
      ["x", "b"],
      ["x", "b"],
    ],
    "again",
  ],
  [
    "there and back between two reads",
    "a",
    [
      ["b", "a"],
      ["a", "a"],
    ],
    "in-sync",
  ],
] as const)("%s", (_what, seen, rounds, state) => {
  expect(play(seen, rounds)).toBe(state);
});

test("a row that changes in every round is unstable, never drift", () => {
  const rounds = Array.from({ length: 20 }, (_round, index) => [`t${index}`, `s${index}`] as const);

  expect(play("s", rounds, 12)).toBe("unstable");
});
