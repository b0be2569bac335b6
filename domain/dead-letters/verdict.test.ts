import { expect, test } from "vitest";
import { judge, type VerdictFacts } from "./verdict.ts";

const facts: VerdictFacts = {
  hasKey: true,
  scan: "complete",
  newestDelivered: undefined,
  underway: undefined,
  openBefore: 0,
  openAfter: 0,
  failedReplays: 0,
  unchangedSinceFailure: true,
};

test.each([
  ["nothing newer in a topic that was read to its end", {}, "safe"],
  ["a newer event was delivered", { newestDelivered: 99 }, "superseded"],
  [
    "a newer event was delivered, although the scan has a gap",
    { newestDelivered: 99, scan: "gap" },
    "superseded",
  ],
  ["an earlier replay has sent it, and the sink has not got to it", { underway: 99 }, "blocked"],
  ["sent by an earlier replay, and overtaken since", { underway: 98, newestDelivered: 99 }, "superseded"],
  ["another failed event of the row comes before", { openBefore: 1 }, "chained"],
  ["another failed event of the row comes after", { openAfter: 2 }, "chained"],
  ["no key", { hasKey: false }, "unknown"],
  ["the topic is gone", { scan: "impossible" }, "unknown"],
  ["retention has taken events since", { scan: "gap" }, "unknown"],
  ["failed again, and nothing changed", { failedReplays: 1 }, "blocked"],
  ["failed again, and something changed", { failedReplays: 1, unchangedSinceFailure: false }, "safe"],
  ["failed too often, whatever changed", { failedReplays: 5, unchangedSinceFailure: false }, "blocked"],
  ["failed again and overtaken: overtaken says more", { failedReplays: 5, newestDelivered: 7 }, "superseded"],
] as const)("%s", (_case, over, verdict) => {
  expect(judge({ ...facts, ...over }).verdict).toBe(verdict);
});
