import type { BucketSpace, Slice } from "#domain/reconciliation/engine/bucket-space.ts";
import { planCost } from "#domain/reconciliation/engine/cost-model.ts";
import { sampledBuckets } from "#domain/reconciliation/engine/sampling.ts";
import type { CompareInput } from "./compare-table.ts";
import type { HashKind, SideReader } from "./side.ts";

export interface Sides {
  source: SideReader;
  target: SideReader;
}

export interface ScanPlan {
  space: BucketSpace;
  slices: Slice[];
  /** Of a sample: only these classes. */
  chosen: Float64Array | undefined;
  rowsTotal: number;
  bucketRows: number;
  /** Of an average row, as stored. */
  rowBytes: number;
  predictedMs: number;
}

/** Segments the key range is looked at in, to tell how densely keys lie. */
const SEGMENTS = 64;
/** Keys lie too thin to divide their range without knowing where they are. */
const THIN = 1_000n;
const FARTHEST_KEY = 2n ** 61n;
/** A bucket's number has to be exact here. */
const MOST_PLACES = 2n ** 52n;
/** Buckets of one statement over the whole table: what the server and this process hold at once. */
const MOST_BUCKETS = 400_000;

/** Rows that are looked up by their keys need no buckets. */
const NOTHING_TO_CUT: ScanPlan = {
  space: { kind: "key-hash", buckets: 1 },
  slices: [],
  chosen: undefined,
  rowsTotal: 0,
  bucketRows: 1,
  rowBytes: 0,
  predictedMs: 0,
};

type Asked = Pick<CompareInput, "coverage" | "expectedDrift" | "limits" | "comparison">;

/** How the table is cut into buckets and statements. */
export async function planScan(sides: Sides, input: Asked, hash: HashKind): Promise<ScanPlan> {
  const [source, target] = await Promise.all([sides.source.estimate(), sides.target.estimate()]);
  const rows = Math.max(1, source.rows, target.rows);
  const rowBytes = Math.max(source.bytes ?? 0, target.bytes ?? 0) / rows;
  if (input.coverage.kind === "keys" || input.coverage.kind === "window")
    return { ...NOTHING_TO_CUT, rowBytes };
  const { coverage } = input;
  const cost = planCost({
    rows: coverage.kind === "slice" ? rows / coverage.of : rows,
    hash,
    drift: input.expectedDrift,
    sliceMs: input.limits.sliceMs,
    rowsPerSecond: undefined,
  });
  const common = {
    rowsTotal: rows,
    bucketRows: cost.bucketRows,
    rowBytes,
    predictedMs: cost.predictedMs,
    chosen: undefined,
  };
  if (coverage.kind === "sample" && input.comparison.keyLength > 0) {
    const { buckets, chosen } = sampledBuckets(coverage.rows, rows, coverage.seed);
    const space: BucketSpace = { kind: "key-hash", buckets };
    return {
      ...common,
      space,
      slices: [{ kind: "all" }],
      chosen,
      rowsTotal: Math.round((rows * chosen.length) / buckets),
    };
  }
  const ranges = await planRanges(sides, input, rows, cost);
  if (ranges) return { ...common, ...ranges };
  const kind = input.comparison.keyLength === 0 ? "row-hash" : "key-hash";
  const bucketRows = Math.max(cost.bucketRows, Math.ceil(rows / MOST_BUCKETS));
  return {
    ...common,
    bucketRows,
    space: { kind, buckets: Math.max(1, Math.ceil(rows / bucketRows)) },
    slices:
      coverage.kind === "slice"
        ? [{ kind: "classes", part: coverage.part, of: coverage.of }]
        : [{ kind: "all" }],
  };
}

/** Ranges of an integer key, each bucket about as full as wished where keys lie as densely as they mostly do. */
async function planRanges(
  sides: Sides,
  { coverage, comparison }: Asked,
  rows: number,
  cost: { bucketRows: number; slices: number },
): Promise<Pick<ScanPlan, "space" | "slices" | "rowsTotal"> | undefined> {
  if (comparison.columns[0]?.form.kind !== "integer" || comparison.keyLength === 0) return undefined;
  const [source, target] = await Promise.all([sides.source.keyRange(), sides.target.keyRange()]);
  const known = [source, target].filter((range) => range !== undefined);
  const [min, max] = [least(known.map(({ min }) => min)), most(known.map(({ max }) => max))];
  if (min === undefined || max === undefined) {
    const space: BucketSpace = { kind: "integer-range", origin: 0n, width: 1n };
    return { space, slices: [{ kind: "range", from: undefined, to: undefined }], rowsTotal: 0 };
  }
  if (min < -FARTHEST_KEY || max > FARTHEST_KEY) return undefined;
  const marks = await sides.source.splits(SEGMENTS);
  const span = max - min + 1n;
  if (marks.length < SEGMENTS / 2 && span > BigInt(rows) * THIN) return undefined;
  const wide = marks.length < SEGMENTS / 2 ? span : medianGap(marks) * BigInt(marks.length + 1);
  const wished = atLeastOne((wide * BigInt(cost.bucketRows)) / BigInt(rows));
  const width = powerOfTwo(wished, span / MOST_PLACES);
  const space: BucketSpace = { kind: "integer-range", origin: min, width };
  const aligned = (key: bigint) => min + ((key - min) / width) * width;
  const wanted = coverage.kind === "slice" ? coverage.of : cost.slices;
  const found = wanted > 1 ? await sides.source.splits(wanted) : [];
  const cuts =
    found.length >= wanted - 1
      ? found
      : Array.from(
          { length: wanted - 1 },
          (_cut, index) => min + (span * BigInt(index + 1)) / BigInt(wanted),
        );
  const bounds = [...new Set(cuts.map(aligned))].filter((cut) => cut > min);
  const slices = Array.from({ length: bounds.length + 1 }, (_slice, index) => ({
    kind: "range" as const,
    from: bounds[index - 1],
    to: bounds[index],
  }));
  if (coverage.kind !== "slice") return { space, slices, rowsTotal: rows };
  const slice = slices[coverage.part % slices.length];
  return { space, slices: slice ? [slice] : [], rowsTotal: Math.round(rows / slices.length) };
}

function medianGap(marks: readonly bigint[]): bigint {
  const gaps = marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark));
  gaps.sort((a, b) => (a < b ? -1 : 1));
  return atLeastOne(gaps[Math.floor(gaps.length / 2)] ?? 1n);
}

function atLeastOne(value: bigint): bigint {
  return value < 1n ? 1n : value;
}

/** About as large, and larger than `floor`; servers shift several times faster than they divide. */
function powerOfTwo(wished: bigint, floor: bigint): bigint {
  let power = 1n;
  while (power <= floor || power * 3n < wished * 2n) power *= 2n;
  return power;
}

function least(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (best, value) => (best === undefined || value < best ? value : best),
    undefined,
  );
}

function most(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (best, value) => (best === undefined || value > best ? value : best),
    undefined,
  );
}
