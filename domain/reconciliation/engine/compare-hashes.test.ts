import fc from "fast-check";
import { expect, test } from "vitest";
import { collectHashes, findSuspects, type HashesByKey } from "./compare-row-hashes.ts";
import { findDirtyBuckets, portionBuckets } from "./dirty-buckets.ts";
import { keyParts, keyText } from "./key-text.ts";
import { sampledBuckets, sampleSize, wilsonInterval } from "./sampling.ts";

const rows = fc.array(fc.tuple(fc.nat(60).map(String), fc.nat(3).map(String)), { maxLength: 60 });

function byKey(list: readonly (readonly [string, string])[]): HashesByKey {
  const found: HashesByKey = new Map();
  collectHashes(
    found,
    list.map(([key]) => key),
    list.map(([, hash]) => hash),
  );
  return found;
}

test("suspects are exactly the keys whose hashes differ, in whatever order rows come", () => {
  fc.assert(
    fc.property(rows, rows, (source, target) => {
      const hashesOf = (list: typeof rows extends fc.Arbitrary<infer T> ? T : never, key: string) =>
        list
          .flatMap(([other, hash]) => (other === key ? [hash] : []))
          .sort()
          .join();
      const keys = new Set([...source, ...target].map(([key]) => key));
      const expected = [...keys].filter((key) => hashesOf(source, key) !== hashesOf(target, key)).sort();

      const suspects = findSuspects(byKey(source), byKey(target.toReversed()));

      expect(suspects.map(({ key }) => key).sort()).toEqual(expected);
    }),
  );
});

test("buckets differ by sum, by count, or by being there once", () => {
  const list = (entries: readonly [number, number, bigint][]) => ({
    buckets: Float64Array.from(entries, ([bucket]) => bucket),
    counts: Uint32Array.from(entries, ([, count]) => count),
    sums: BigUint64Array.from(entries, ([, , sum]) => sum),
  });

  const dirty = findDirtyBuckets(
    list([
      [5, 2, 1n],
      [1, 2, 7n],
      [9, 3, 4n],
      [2, 1, 1n],
    ]),
    list([
      [1, 2, 7n],
      [9, 2, 4n],
      [5, 2, 2n],
      [-3, 4, 1n],
    ]),
  );

  expect([...dirty.buckets]).toEqual([-3, 2, 5, 9]);
  expect([...dirty.rows]).toEqual([4, 1, 2, 3]);
  expect([...findDirtyBuckets(list([[7, 2, 1n]]), list([])).buckets]).toEqual([7]);
  expect([
    ...findDirtyBuckets(
      list([]),
      list([
        [2 ** 40, 1, 1n],
        [3, 1, 1n],
      ]),
    ).buckets,
  ]).toEqual([3, 2 ** 40]);
  expect(portionBuckets(dirty, 5).map((part) => [...part])).toEqual([
    [-3, 2],
    [5, 9],
  ]);
});

test("keys come back from their text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", "u", "\\", "\u001f", "é"), maxLength: 6 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (parts) => {
        expect(keyParts(keyText(parts), parts.length)).toEqual(parts);
      },
    ),
  );
});

test.each([
  [0, 10_000, 0, 0.000384],
  [1, 10_000, 0.000018, 0.000566],
  [50, 10_000, 0.003795, 0.006585],
])("%i of %i differing", (differing, compared, low, high) => {
  const interval = wilsonInterval(differing, compared);

  expect(interval.low).toBeCloseTo(low, 5);
  expect(interval.high).toBeCloseTo(high, 5);
});

test("sample sizes and classes", () => {
  expect(sampleSize(0.01, 0.95)).toBe(299);
  expect(sampleSize(0.001, 0.99)).toBe(4_603);
  const { buckets, chosen } = sampledBuckets(1_000, 1_000_000, 42);
  expect((chosen.length / buckets) * 1_000_000).toBeCloseTo(1_000, -2);
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});
