import { keyText } from "#domain/reconciliation/engine/key-text.ts";
import type { BucketHashes, RowHashes } from "./side.ts";

const BUCKET_BYTES = 20;

/** Buckets as the server strings them together: bucket (8 bytes), rows (4), hashes (8). */
export function unpackBuckets(packed: Buffer | undefined): BucketHashes {
  const length = (packed?.length ?? 0) / BUCKET_BYTES;
  const found: BucketHashes = {
    buckets: new Float64Array(length),
    counts: new Uint32Array(length),
    sums: new BigUint64Array(length),
  };
  if (!packed) return found;
  for (let index = 0, at = 0; index < length; index += 1, at += BUCKET_BYTES) {
    found.buckets[index] = packed.readInt32BE(at) * 2 ** 32 + packed.readUInt32BE(at + 4);
    found.counts[index] = packed.readUInt32BE(at + 8);
    found.sums[index] = packed.readBigUInt64BE(at + 12);
  }
  return found;
}

export type KeyPacking = "integer" | "row-hash" | { parts: number };

const HASH_BYTES = 8;

/**
 * Rows as the server strings them together: the key, then eight bytes of hash. An integer key is eight bytes, any other each
 * part's length and characters. Without a key the hash stands first and the number of such rows behind it.
 */
export function unpackRows(packed: Buffer | undefined, packing: KeyPacking): RowHashes {
  const found: RowHashes = { keys: [], hashes: [] };
  if (!packed) return found;
  let at = 0;
  while (at < packed.length) {
    if (packing === "row-hash") {
      found.keys.push(packed.toString("hex", at, at + HASH_BYTES));
      found.hashes.push(String(packed.readBigInt64BE(at + HASH_BYTES)));
      at += 2 * HASH_BYTES;
      continue;
    }
    if (packing === "integer") {
      found.keys.push(integerText(packed, at));
      at += 8;
    } else {
      const parts: string[] = [];
      for (let part = 0; part < packing.parts; part += 1) {
        const length = packed.readInt32BE(at);
        parts.push(packed.toString("utf8", at + 4, at + 4 + length));
        at += 4 + length;
      }
      found.keys.push(keyText(parts));
    }
    found.hashes.push(packed.toString("latin1", at, at + HASH_BYTES));
    at += HASH_BYTES;
  }
  return found;
}

/** A number does as long as it holds all digits; it is several times faster. */
function integerText(packed: Buffer, at: number): string {
  const value = packed.readInt32BE(at) * 2 ** 32 + packed.readUInt32BE(at + 4);
  return Number.isSafeInteger(value) ? String(value) : String(packed.readBigInt64BE(at));
}
