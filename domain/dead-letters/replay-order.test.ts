import fc from "fast-check";
import { expect, test } from "vitest";
import { orderReplay, type ReplayCandidate } from "./replay-order.ts";

const candidates = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 1_000 }),
    at: fc.record({
      topic: fc.constantFrom("dlq-a", "dlq-b"),
      partition: fc.constant(0),
      offset: fc.nat(500),
    }),
    original: fc.option(
      fc.record({ topic: fc.constantFrom("a", "b"), partition: fc.nat(2), offset: fc.nat(40) }),
      { nil: undefined },
    ),
    keyHash: fc.option(fc.constantFrom("k1", "k2", "k3"), { nil: undefined }),
    verdict: fc.constant("safe" as const),
  }),
  { maxLength: 60 },
);

test("every chosen record is in the plan once or named as a duplicate", () => {
  fc.assert(
    fc.property(candidates, (chosen: ReplayCandidate[]) => {
      const { items, duplicates } = orderReplay(chosen);

      expect([...items.map((item) => item.id), ...duplicates].sort()).toEqual(
        chosen.map(({ id }) => id).sort(),
      );
      expect(items.map((item) => item.position)).toEqual(items.map((_item, index) => index));
    }),
  );
});

test("events of one row follow each other in source order, one per wave", () => {
  fc.assert(
    fc.property(candidates, (chosen) => {
      const { items } = orderReplay(chosen);
      for (const item of items) {
        if (item.keyHash === undefined) continue;
        const row = items.filter((other) => other.chain === item.chain);
        expect(row.map((other) => other.wave)).toEqual(row.map((_other, index) => index));
        expect(row[0]?.position).toBe(item.chain);
        const offsets = row.filter((other) => other.original?.partition === item.original?.partition);
        expect(offsets.map((other) => other.original?.offset ?? -1)).toEqual(
          offsets.map((other) => other.original?.offset ?? -1).sort((a, b) => a - b),
        );
      }
    }),
  );
});
