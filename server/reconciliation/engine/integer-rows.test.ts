import fc from "fast-check";
import { expect, test } from "vitest";
import {
  collectHashes,
  findSuspects,
  type HashesByKey,
} from "#domain/reconciliation/engine/compare-row-hashes.ts";
import { findIntegerSuspects, INTEGER_ROW_BYTES, inKeyOrder } from "./integer-rows.ts";

type Row = readonly [key: bigint, hash: bigint];

function packed(rows: readonly Row[]): Buffer {
  return Buffer.concat(
    rows.map(([key, hash]) => {
      const row = Buffer.alloc(INTEGER_ROW_BYTES);
      row.writeBigInt64BE(key);
      row.writeBigUInt64BE(hash, INTEGER_ROW_BYTES / 2);
      return row;
    }),
  );
}

function byText(rows: readonly Row[]): HashesByKey {
  const found: HashesByKey = new Map();
  for (const [key, hash] of rows)
    collectHashes(found, [String(key)], [packed([[0n, hash]]).toString("latin1", INTEGER_ROW_BYTES / 2)]);
  return found;
}

const key = fc.oneof(fc.bigInt(-4n, 4n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
const rows = fc.array(fc.tuple(key, fc.bigInt(0n, 2n)), { maxLength: 40 });

test("rows as bytes give the same suspects as rows as text, in any order, with keys that occur twice", () => {
  fc.assert(
    fc.property(rows, rows, (source, target) => {
      const inOrder = findIntegerSuspects(inKeyOrder(packed(source)), inKeyOrder(packed(target)));

      const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
      expect(inOrder.sort(byKey)).toEqual(findSuspects(byText(source), byText(target)).sort(byKey));
    }),
  );
});
