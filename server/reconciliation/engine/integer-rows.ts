import { collectHashes, type HashesByKey } from "#domain/reconciliation/engine/compare-row-hashes.ts";
import type { Suspect, Token } from "#domain/reconciliation/engine/suspect.ts";

/** Rows under a single integer key: eight bytes of key, eight of hash, highest byte first. */
export const INTEGER_ROW_BYTES = 16;
const KEY_BYTES = 8;

/** Every key whose hashes differ, of rows ascending by key: no text is made of those that agree. */
export function findIntegerSuspects(source: Buffer, target: Buffer): Suspect[] {
  const suspects: Suspect[] = [];
  let [here, there] = [0, 0];
  while (here < source.length || there < target.length) {
    const order = compareKeys(source, here, target, there);
    const hereEnd = order <= 0 ? endOfKey(source, here) : here;
    const thereEnd = order >= 0 ? endOfKey(target, there) : there;
    if (source.compare(target, there, thereEnd, here, hereEnd) !== 0) {
      const seen = tokenOf(source, here, hereEnd);
      const key = order <= 0 ? source.readBigInt64BE(here) : target.readBigInt64BE(there);
      if (seen !== tokenOf(target, there, thereEnd))
        suspects.push({ key: String(key), seen, votes: 0, rounds: 0 });
    }
    [here, there] = [hereEnd, thereEnd];
  }
  return suspects;
}

/** The same rows ascending by key, as an index gives them; those of a server that read them otherwise are sorted here. */
export function inKeyOrder(rows: Buffer): Buffer {
  let at = INTEGER_ROW_BYTES;
  while (at < rows.length && compareKeys(rows, at - INTEGER_ROW_BYTES, rows, at) <= 0)
    at += INTEGER_ROW_BYTES;
  if (at >= rows.length) return rows;
  const starts = Float64Array.from(
    { length: rows.length / INTEGER_ROW_BYTES },
    (_row, index) => index * INTEGER_ROW_BYTES,
  );
  starts.sort((a, b) => compareKeys(rows, a, rows, b));
  return Buffer.concat(Array.from(starts, (start) => rows.subarray(start, start + INTEGER_ROW_BYTES)));
}

/** An end without further rows comes last. */
function compareKeys(source: Buffer, here: number, target: Buffer, there: number): number {
  if (here >= source.length) return 1;
  if (there >= target.length) return -1;
  const high = source.readInt32BE(here) - target.readInt32BE(there);
  return high === 0 ? source.readUInt32BE(here + 4) - target.readUInt32BE(there + 4) : high;
}

function endOfKey(rows: Buffer, start: number): number {
  let end = start + INTEGER_ROW_BYTES;
  while (end < rows.length && compareKeys(rows, start, rows, end) === 0) end += INTEGER_ROW_BYTES;
  return end;
}

/** What a read by the key gives for the same rows. */
function tokenOf(rows: Buffer, start: number, end: number): Token {
  const found: HashesByKey = new Map();
  for (let at = start; at < end; at += INTEGER_ROW_BYTES)
    collectHashes(found, [""], [rows.toString("latin1", at + KEY_BYTES, at + INTEGER_ROW_BYTES)]);
  return found.get("");
}
