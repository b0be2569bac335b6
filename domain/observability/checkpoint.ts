import { z } from "zod";
import { formatPosition } from "./log-position.ts";

/** How far a source connector has stored that it got. */
export const Checkpoint = z.object({
  position: z.string().nullable(),
  /** When the source committed the last event behind this position, in milliseconds. */
  at: z.number().nullable(),
  phase: z.enum(["snapshot", "streaming"]),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

type StoredOffset = Readonly<Record<string, unknown>>;

/** From `GET /connectors/…/offsets`; a connector that reads several databases has several, and the slowest counts. */
export function readCheckpoint(offsets: readonly (StoredOffset | null)[]): Checkpoint | undefined {
  const stored = offsets.filter((offset): offset is StoredOffset => offset !== null);
  if (stored.length === 0) return undefined;
  const read = stored.map((offset) => ({
    position: formatPosition("", offset) ?? null,
    at: eventTime(offset),
    phase: isInSnapshot(offset) ? ("snapshot" as const) : ("streaming" as const),
  }));
  const positions = read.flatMap(({ position }) => position ?? []);
  const times = read.flatMap(({ at }) => at ?? []);
  return {
    position: positions.length > 0 ? positions.join(", ") : null,
    at: times.length > 0 ? Math.min(...times) : null,
    phase: read.some(({ phase }) => phase === "snapshot") ? "snapshot" : "streaming",
  };
}

function eventTime(offset: StoredOffset): number | null {
  const micros = Number(offset.ts_usec);
  if (Number.isFinite(micros) && micros > 0) return Math.floor(micros / 1000);
  const seconds = Number(offset.ts_sec);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/** Connectors store `snapshot` only while one runs; older ones leave it with `snapshot_completed`. */
function isInSnapshot(offset: StoredOffset): boolean {
  const snapshot = offset.snapshot;
  if (snapshot === undefined || snapshot === null || snapshot === false || snapshot === "false") return false;
  return offset.snapshot_completed !== true && offset.last_snapshot_record !== true;
}
