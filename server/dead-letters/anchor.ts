import { hash } from "node:crypto";
import type { LazyRecord } from "#server/kafka/record-batch.ts";

/** Tells the record at a place from another that has come to lie there. */
export function anchorHash(record: LazyRecord): string {
  const { key, value } = record;
  const head = `${record.timestamp}/${key?.length ?? -1}/${record.valueSize}/`;
  return hash(
    "sha1",
    Buffer.concat([Buffer.from(head), key ?? Buffer.alloc(0), value?.subarray(0, 512) ?? Buffer.alloc(0)]),
    "hex",
  );
}
