import { expect, test } from "vitest";
import { activityAnswer } from "./activity-answer.ts";

test.each([
  [{}, "Nothing is running and nothing waits for a person."],
  [{ succeeded: 12, expired: 3 }, "Nothing is running and nothing waits for a person."],
  [{ needs_attention: 1 }, "1 run needs attention."],
  [
    { needs_attention: 2, queued: 1, running: 1, proposed: 1 },
    "2 runs need attention, 2 runs are going on, 1 plan waits to be started.",
  ],
  [{ proposed: 1, approved: 1 }, "2 plans wait to be started."],
])("%j reads %s", (counts, sentence) => {
  expect(activityAnswer(counts)).toBe(sentence);
});
