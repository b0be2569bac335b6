import { expect, test } from "vitest";
import { type StoppedFacts, stoppedSinkSentence, stoppedSinkTitle } from "./stopped-sink-words.ts";

const byRow: StoppedFacts = {
  state: "stopped_by_record",
  cause: {
    id: "check",
    title: "Row breaks a check of the target",
    likelyCause: "A check constraint on the target forbids a value the source allows.",
    action: "Change the check.",
    transient: false,
  },
  message: 'new row for relation "customers" violates check constraint "no_bad"',
  table: "public.customers",
  record: { topic: "shop.public.customers", partition: 0, offset: 41, key: "id=105", certain: true },
  waiting: 212,
};

test("the row is named, with the reason, what waits and that nothing is lost", () => {
  expect(stoppedSinkTitle(byRow)).toBe("Row id=105 of public.customers stopped this sink");
  expect(stoppedSinkSentence(byRow)).toBe(
    'The target refused it: new row for relation "customers" violates check constraint "no_bad". 212 records wait from there on; nothing is lost.',
  );
});

test("doubt about which event it was is told", () => {
  const doubtful = {
    ...byRow,
    record: { topic: "t", partition: 0, offset: 1, key: "id=105", certain: false },
  };

  expect(stoppedSinkSentence(doubtful)).toContain("Another event of this row fits the error as well");
});

test("without a record the cause is named, or that it cannot be told", () => {
  expect(stoppedSinkTitle({ ...byRow, record: undefined })).toBe(
    "Row breaks a check of the target in public.customers",
  );
  expect(stoppedSinkTitle({ ...byRow, record: undefined, cause: undefined })).toBe(
    "Which record it was cannot be told",
  );
});
