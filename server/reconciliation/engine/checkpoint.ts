import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { BucketSpace, Slice } from "#domain/reconciliation/engine/bucket-space.ts";
import type { Suspect } from "#domain/reconciliation/engine/suspect.ts";

const Whole = z.string().transform((text) => BigInt(text));
const Hash = z.enum(["native", "sha256", "presence"]);

const StoredSpace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("integer-range"), origin: Whole, width: Whole }),
  z.object({ kind: z.literal("key-hash"), buckets: z.number() }),
  z.object({ kind: z.literal("row-hash"), buckets: z.number() }),
]) satisfies z.ZodType<BucketSpace, unknown>;

const StoredSlice = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("range"),
    from: Whole.optional().transform((bound) => bound),
    to: Whole.optional().transform((bound) => bound),
  }),
  z.object({ kind: z.literal("classes"), part: z.number(), of: z.number() }),
  z.object({ kind: z.literal("all") }),
]);

const StoredCheckpoint = z.object({
  version: z.literal(3),
  /** What was compared; another comparison cannot go on from here. */
  subject: z.string(),
  hash: Hash,
  space: StoredSpace,
  slices: z.array(StoredSlice),
  done: z.number().int(),
  rows: z.object({ source: z.number(), target: z.number() }),
  sums: z.object({ source: Whole, target: Whole }),
  verifiedThrough: z.object({ position: z.string(), at: z.coerce.date() }),
  /** Of the source, where its engine tells. */
  server: z.string().optional(),
  /** Keys and what the source showed, in base64: a hash is bytes. */
  suspects: z.array(z.tuple([z.string(), z.string().nullable()])),
  found: z.object({
    missing_in_target: z.number(),
    missing_in_source: z.number(),
    value_mismatch: z.number(),
  }),
  inFlight: z.number(),
  unstable: z.array(z.string()),
});

/** How far a scan got. */
export interface ScanState {
  subject: string;
  hash: z.infer<typeof Hash>;
  space: BucketSpace;
  slices: Slice[];
  /** Slices that need not be read again. */
  done: number;
  rows: { source: number; target: number };
  sums: { source: bigint; target: bigint };
  verifiedThrough: { position: string; at: Date };
  server?: string | undefined;
  suspects: Suspect[];
  found: { missing_in_target: number; missing_in_source: number; value_mismatch: number };
  inFlight: number;
  /** Keys that changed in every round. */
  unstable: string[];
}

export function subjectOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

export function writeCheckpoint(state: ScanState): Record<string, unknown> {
  const plain = {
    ...state,
    version: 3,
    suspects: state.suspects.map(({ key, seen }) => [
      key,
      seen === undefined ? null : Buffer.from(seen).toString("base64"),
    ]),
  };
  return JSON.parse(
    JSON.stringify(plain, (_name, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ) as Record<string, unknown>;
}

export function readCheckpoint(stored: unknown, subject: string): ScanState {
  const parsed = StoredCheckpoint.safeParse(stored);
  if (!parsed.success || parsed.data.subject !== subject)
    throw new AppError("conflict", "The stored progress belongs to another comparison: start the run anew");
  const { suspects, version: _version, slices, ...state } = parsed.data;
  return {
    ...state,
    slices: slices.map((slice) =>
      slice.kind === "range" ? { kind: "range", from: slice.from, to: slice.to } : slice,
    ),
    suspects: suspects.map(([key, seen]) => ({
      key,
      seen: seen === null ? undefined : Buffer.from(seen, "base64").toString(),
      votes: 0,
      rounds: 0,
    })),
  };
}
