import { z } from "zod";
import { formatPosition } from "./log-position.ts";

/** What watching needs of one event; its row is not looked at. */
export interface ChangeEvent {
  /** c, u, d, r (read by a snapshot), t (truncate), m (message). */
  op?: string;
  /** When the source committed it, in milliseconds; for snapshot reads, when the snapshot began. */
  committedAt?: number;
  /** Where it stands in the source's log, as that database writes it. */
  position?: string;
  /** Read by a snapshot, not from the log. */
  isSnapshot: boolean;
}

const Millis = z.coerce.number().int().positive();
const Envelope = z.object({
  op: z.string().nullish(),
  source: z.looseObject({
    connector: z.string().nullish(),
    ts_ms: Millis.nullish().catch(undefined),
    snapshot: z.union([z.string(), z.boolean()]).nullish(),
  }),
});
/** ExtractNewRecordState with `add.fields`, and its default prefix. */
const Flat = z.object({
  __op: z.string().nullish(),
  __source_ts_ms: Millis.nullish().catch(undefined),
  __ts_ms: Millis.nullish().catch(undefined),
});

/** Reads Debezium's envelope, or what a flattening transform left of it; anything else tells nothing. */
export function readChangeEvent(value: unknown): ChangeEvent | undefined {
  const enveloped = Envelope.safeParse(value);
  if (enveloped.success) {
    const { op, source } = enveloped.data;
    const snapshot = String(source.snapshot ?? "false");
    const position = formatPosition(source.connector ?? "", source);
    return {
      ...(op ? { op } : {}),
      ...(source.ts_ms ? { committedAt: source.ts_ms } : {}),
      ...(position ? { position } : {}),
      isSnapshot: op === "r" || snapshot !== "false",
    };
  }
  const flat = Flat.safeParse(value);
  const committedAt = flat.data?.__source_ts_ms ?? flat.data?.__ts_ms;
  if (!committedAt) return undefined;
  const op = flat.data?.__op;
  return { ...(op ? { op } : {}), committedAt, isSnapshot: op === "r" };
}
