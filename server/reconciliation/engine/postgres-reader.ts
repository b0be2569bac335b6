import type pg from "pg";
import { z } from "zod";
import { quoteName } from "#domain/databases/sql-quoting.ts";
import type { BucketSpace, Slice } from "#domain/reconciliation/engine/bucket-space.ts";
import type { CanonicalForm, CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import type { SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import { type KeyText, keyParts, keyText } from "#domain/reconciliation/engine/key-text.ts";
import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { copyOneValue } from "./copy-out.ts";
import type { TableName } from "./describe-postgres.ts";
import { INTEGER_ROW_BYTES, inKeyOrder } from "./integer-rows.ts";
import { mergeRanges } from "./merge-ranges.ts";
import { type KeyPacking, unpackBuckets, unpackRows } from "./packed-rows.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { keyCondition, keyHash, type PostgresColumn, rowHash, textValue } from "./postgres-values.ts";
import type {
  BucketRequest,
  FoundRow,
  HashKind,
  HashOffer,
  RowHashes,
  RowRequest,
  SideCost,
  SideLimits,
  SideReader,
} from "./side.ts";

export interface PostgresReaderOptions {
  client: pg.Client;
  table: TableName;
  label: string;
  columns: readonly PostgresColumn[];
  version: number;
  layout: SideLayout;
  limits: SideLimits;
  busySessions: number;
}

const NATIVE_SINCE = 140_000;
const KEYS_PER_PAGE = 20_000;

/** Reads one table over one connection, one statement at a time. */
export function createPostgresReader(options: PostgresReaderOptions): SideReader {
  const { client, columns, version, limits, busySessions } = options;
  const key = columns.slice(0, options.layout.keyLength);
  const from = `${quoteName(options.table.schema)}.${quoteName(options.table.name)}`;
  const name = options.label;
  const [leading] = key;
  const packing: KeyPacking =
    key.length === 0
      ? "row-hash"
      : key.length === 1 && leading?.form.kind === "integer"
        ? "integer"
        : { parts: key.length };
  const cost: SideCost = { statements: 0, rowsRead: 0, bytesReceived: 0, serverMs: 0 };
  let byIndex: boolean | undefined;

  /** Ends the connection: the server gives up its statement when it sees that. */
  const abort = () => destroy(client);
  limits.signal.addEventListener("abort", abort, { once: true });

  async function ask<T>(work: () => Promise<T>): Promise<T> {
    limits.signal.throwIfAborted();
    const [started, received] = [performance.now(), bytesOf(client)];
    try {
      return await work();
    } catch (error) {
      throw postgresFailure(error, name, limits.signal);
    } finally {
      cost.statements += 1;
      cost.serverMs += performance.now() - started;
      cost.bytesReceived += bytesOf(client) - received;
    }
  }

  const copied = (select: string) => ask(() => copyOneValue(client, select));

  async function asked<T>(row: z.ZodType<T>, sql: string, values: readonly unknown[] = []): Promise<T[]> {
    const { rows } = await ask(() => client.query<Record<string, unknown>>(sql, [...values]));
    return z.array(row).parse(rows);
  }

  /** Ranges and keys are looked up by the index: what the planner guesses of them makes it read whole tables. */
  async function preferIndex(wanted: boolean): Promise<void> {
    if (byIndex === wanted) return;
    byIndex = wanted;
    const value = wanted ? "off" : "on";
    await ask(() => client.query(`set enable_seqscan = ${value}; set enable_bitmapscan = ${value}`));
  }

  const hashOf = (kind: HashKind) => rowHash(kind, columns, version);

  function bucketOf(hash: HashKind, space: BucketSpace): string {
    if (space.kind === "integer-range") {
      const place = `(${leadingName()}::int8 - ${space.origin}::int8)`;
      // Width is a power of two; a shift rounds down below the origin as well.
      return space.width === 1n ? place : `(${place} >> ${space.width.toString(2).length - 1})`;
    }
    if (space.kind === "key-hash") return `(${keyHash(hash, key, version)} % ${space.buckets})::int8`;
    return `(${rowClass(hash)} % ${space.buckets})::int8`;
  }

  function rowClass(hash: HashKind): string {
    return hash === "native" ? `(${hashOf(hash)} & 2147483647)` : `((${hashOf(hash)} >> 32) & 4294967295)`;
  }

  function condition(hash: HashKind, slice: Slice): string {
    if (slice.kind === "all") return "true";
    if (slice.kind === "classes") {
      const place = key.length === 0 ? rowClass(hash) : keyHash(hash, key, version);
      return `${place} % ${slice.of} = ${slice.part}`;
    }
    const bounds = [
      ...(slice.from === undefined ? [] : [`${leadingName()} >= ${slice.from}::int8`]),
      ...(slice.to === undefined ? [] : [`${leadingName()} < ${slice.to}::int8`]),
    ];
    return bounds.join(" and ") || "true";
  }

  function leadingName(): string {
    if (!leading) throw new Error("a table without a key has no ranges");
    return quoteName(leading.shape.name);
  }

  /** One row as bytes, see `unpackRows`. */
  function packedRow(hash: HashKind): string {
    const own = `int8send(${hashOf(hash)})`;
    if (packing === "integer") return `int8send(${leadingName()}::int8) || ${own}`;
    return `${key.map(packedPart).join(" || ")} || ${own}`;
  }

  function packedPart(column: PostgresColumn): string {
    const bytes = `convert_to(${textValue(column)}, 'UTF8')`;
    return `int4send(octet_length(${bytes})) || ${bytes}`;
  }

  /** Without a key, equal rows are counted. */
  function packedRows(hash: HashKind, where: string): string {
    if (packing !== "row-hash") return `select ${packedRow(hash)} as r from ${from} where ${where}`;
    return `select int8send(h) || int8send(n) as r from (select ${hashOf(hash)} as h, count(*) as n from ${from} where ${where} group by 1) g`;
  }

  async function copyRanges(
    hash: HashKind,
    ranges: readonly [bigint, bigint][],
  ): Promise<Buffer | undefined> {
    await preferIndex(true);
    const lows = ranges.map(([low]) => low).join(",");
    const highs = ranges.map(([, high]) => high).join(",");
    const range = `unnest('{${lows}}'::int8[], '{${highs}}'::int8[]) as "#"("#from", "#to")`;
    const rows = packedRows(hash, `${leadingName()} >= "#"."#from" and ${leadingName()} < "#"."#to"`);
    return copied(`select string_agg(r, '') from ${range} cross join lateral (${rows}) x`);
  }

  async function readRows({ hash, space, slice, buckets }: RowRequest): Promise<RowHashes> {
    if (buckets && space.kind === "integer-range")
      return unpackRows(await copyRanges(hash, mergeRanges(buckets, space)), packing);
    await preferIndex(slice.kind === "range");
    const chosen = buckets ? `${bucketOf(hash, space)} = any('{${buckets.join(",")}}'::int8[])` : "true";
    const rows = packedRows(hash, `${condition(hash, slice)} and ${chosen}`);
    return unpackRows(await copied(`select string_agg(r, '') from (${rows}) x`), packing);
  }

  function keyArrays(keys: readonly KeyText[]): (string | null)[][] {
    const parts = keys.map((text) => keyParts(text, key.length));
    return key.map(({ form }, place) =>
      parts.map((part) => {
        const value = part[place] ?? "";
        return form.kind === "integer" && !isBigint(value) ? null : value;
      }),
    );
  }

  const keyTable = () =>
    `unnest(${key.map(({ form }, place) => `$${place + 1}::${form.kind === "integer" ? "int8" : "text"}[]`).join(", ")}) as "#"(${key.map((_column, place) => `"#${place}"`).join(", ")})`;
  const keyIs = () =>
    key.map((column, place) => keyCondition(column, `"#"."#${place}"`, version)).join(" and ");

  async function rowsWithoutKey(hash: HashKind, keys: readonly KeyText[]) {
    await preferIndex(false);
    const values = columns.map((column, place) => `min(${textValue(column)}) as "#${place}"`).join(", ");
    const sql = `select encode(int8send(${hashOf(hash)}), 'hex') as "#k", count(*)::text as "#h", ${values} from ${from} where ${hashOf(hash)} = any($1::int8[]) group by 1`;
    const wanted = keys.map((text) => BigInt.asIntN(64, BigInt(`0x${text}`)).toString());
    return asked(RawRow, sql, [wanted]);
  }

  async function rowsByKey(hash: HashKind, keys: readonly KeyText[]) {
    await preferIndex(true);
    const values = columns.map((column, place) => `${textValue(column)} as "#v${place}"`).join(", ");
    const shown = columns.map((_column, place) => `x."#v${place}" as "#${place}"`).join(", ");
    const sql = `select ${shown}, x."#h" from ${keyTable()} cross join lateral (select ${values}, encode(int8send(${hashOf(hash)}), 'hex') as "#h" from ${from} where ${keyIs()}) x`;
    return asked(RawRow, sql, keyArrays(keys));
  }

  const valuesOf = (row: RawRow): CanonicalRow => columns.map((_column, place) => row[`#${place}`] ?? null);

  return {
    async hashes(): Promise<HashOffer[]> {
      const [row] = await asked(SelfTest, version >= NATIVE_SINCE ? nativeTest(version) : PORTABLE_TEST);
      return [
        ...(row?.native ? [{ kind: "native" as const, selfTest: row.native }] : []),
        { kind: "sha256", selfTest: row?.portable ?? "" },
        { kind: "presence", selfTest: "1" },
      ];
    },

    async estimate() {
      const [row] = await asked(Estimate, ESTIMATE, [from]);
      const bytes = row?.bytes ?? 0;
      return { rows: Math.round(row?.rows ?? bytes / 100), bytes };
    },

    async keyRange() {
      if (leading?.form.kind !== "integer") return undefined;
      await preferIndex(true);
      const [row] = await asked(
        KeyRange,
        `select min(${leadingName()})::text as min, max(${leadingName()})::text as max from ${from}`,
      );
      return row?.min && row.max ? { min: BigInt(row.min), max: BigInt(row.max) } : undefined;
    },

    async splits(count) {
      if (count < 2 || !leading) return [];
      const [row] = await asked(Bounds, BOUNDS, [
        options.table.schema,
        options.table.name,
        leading.shape.name,
      ]);
      const bounds = row?.bounds?.map(BigInt) ?? [];
      const picked = Array.from(
        { length: count - 1 },
        (_split, index) => bounds[Math.round(((index + 1) * (bounds.length - 1)) / count)],
      );
      return [...new Set(picked.filter((bound) => bound !== undefined))];
    },

    async bucketHashes({ hash, put, space, slice }: BucketRequest) {
      await preferIndex(slice.kind === "range" && slice.from !== undefined && slice.to !== undefined);
      const together = hash === "presence" ? "count(*)" : put === "xor" ? "bit_xor(h)" : WRAPPED_SUM;
      const rows = `select ${bucketOf(hash, space)} as b, ${hashOf(hash)} as h from ${from} where ${condition(hash, slice)}`;
      const groups = `select b, count(*)::int4 as n, ${together}::int8 as s from (${rows}) r group by b`;
      const packed = await copied(
        `select string_agg(int8send(b) || int4send(n) || int8send(s), '') from (${groups}) g`,
      );
      const found = unpackBuckets(packed);
      cost.rowsRead += found.counts.reduce((total, count) => total + count, 0);
      return found;
    },

    async *rowHashes(request) {
      const found = await readRows(request);
      cost.rowsRead += found.keys.length;
      yield found;
    },

    packsIntegers: packing === "integer",

    async integerRows({ hash, space, buckets }) {
      if (packing !== "integer" || !buckets || space.kind !== "integer-range") return undefined;
      const found = (await copyRanges(hash, mergeRanges(buckets, space))) ?? Buffer.alloc(0);
      cost.rowsRead += found.length / INTEGER_ROW_BYTES;
      return inKeyOrder(found);
    },

    async keyHashes(hash, keys) {
      if (key.length === 0) {
        const found = await rowsWithoutKey(hash, keys);
        return { keys: found.map((row) => row["#k"] ?? ""), hashes: found.map((row) => row["#h"] ?? "") };
      }
      if (packing === "integer") {
        await preferIndex(true);
        const known = keys.filter(isBigint).join(",");
        const found = unpackRows(
          await copied(
            `select string_agg(${packedRow(hash)}, '') from ${from} where ${leadingName()} = any('{${known}}'::int8[])`,
          ),
          packing,
        );
        cost.rowsRead += found.keys.length;
        return found;
      }
      await preferIndex(true);
      const rows = `select ${packedRow(hash)} as r from ${from} where ${keyIs()}`;
      const sql = `select encode(string_agg(r, ''), 'base64') as packed from ${keyTable()} cross join lateral (${rows}) x`;
      const [row] = await asked(Packed, sql, keyArrays(keys));
      const found = unpackRows(row?.packed ? Buffer.from(row.packed, "base64") : undefined, packing);
      cost.rowsRead += found.keys.length;
      return found;
    },

    async rows(hash, keys) {
      const found = key.length === 0 ? await rowsWithoutKey(hash, keys) : await rowsByKey(hash, keys);
      const rows = new Map<KeyText, FoundRow[]>();
      for (const row of found) {
        const values = valuesOf(row);
        const text = row["#k"] ?? keyText(values.slice(0, key.length).map((value) => value ?? ""));
        const token =
          key.length === 0 ? (row["#h"] ?? "") : Buffer.from(row["#h"] ?? "", "hex").toString("latin1");
        rows.set(text, [...(rows.get(text) ?? []), { hash: token, values }]);
      }
      cost.rowsRead += found.length;
      return rows;
    },

    async *keysInWindow({ column, from: start, to }) {
      await preferIndex(true);
      const texts = key.map(packedPart).join(" || ");
      const within = `${quoteName(column)} >= '${start.toISOString()}' and ${quoteName(column)} < '${to.toISOString()}'`;
      const packed = await copied(
        `select string_agg(${texts} || int8send(0), '') from ${from} where ${within}`,
      );
      const { keys } = unpackRows(packed, { parts: key.length });
      for (let at = 0; at < keys.length; at += KEYS_PER_PAGE) yield keys.slice(at, at + KEYS_PER_PAGE);
    },

    async isBusy() {
      const [row] = await asked(Active, ACTIVE);
      return (row?.active ?? 0) > busySessions;
    },

    cost: () => ({ ...cost }),

    async close() {
      limits.signal.removeEventListener("abort", abort);
      await client.end().catch(() => undefined);
    },
  };
}

/** The other end may hold numbers that no bigint is equal to. */
function isBigint(value: string): boolean {
  if (!/^-?\d+$/.test(value)) return false;
  const number = BigInt(value);
  return BigInt.asIntN(64, number) === number;
}

interface Sockets {
  connection: { stream: { bytesRead?: number; destroy(): void } };
}

/** node-postgres keeps its socket to itself; it is the only place that knows how much came in. */
function bytesOf(client: pg.Client): number {
  return (client as unknown as Sockets).connection.stream.bytesRead ?? 0;
}

function destroy(client: pg.Client): void {
  (client as unknown as Sockets).connection.stream.destroy();
}

const RawRow = z.record(z.string(), z.string().nullable());
type RawRow = z.infer<typeof RawRow>;
const SelfTest = z.object({ native: z.string().optional(), portable: z.string() });
const Estimate = z.object({ rows: z.coerce.number().nullable(), bytes: z.coerce.number() });
const KeyRange = z.object({ min: z.string().nullable(), max: z.string().nullable() });
const Bounds = z.object({ bounds: z.array(z.string()).nullable() });
const Packed = z.object({ packed: z.string().nullable() });
const Active = z.object({ active: z.coerce.number() });

/** The sum modulo 2^64 as a signed number of eight bytes. */
const WRAPPED_SUM = `((sum(h) % 18446744073709551616) - case when (sum(h) % 18446744073709551616) >= 9223372036854775808 then 18446744073709551616 when (sum(h) % 18446744073709551616) < -9223372036854775808 then -18446744073709551616 else 0 end)`;

const PORTABLE = `encode(substr(sha256(textsend('a' || chr(31) || chr(30) || chr(31) || 'é')), 1, 8), 'hex') as portable`;
const PORTABLE_TEST = `select ${PORTABLE}`;
/** One value of every form a native hash meets: versions and processors that hash any of them differently do not match. */
function nativeTest(version: number): string {
  const column = (place: number, family: TypeFamily, form: CanonicalForm): PostgresColumn => ({
    shape: { name: `c${place}`, declared: "", family, nullable: true, generated: false },
    form,
  });
  const columns = [
    column(0, "integer", { kind: "integer" }),
    column(1, "text", { kind: "text", blankPadded: false }),
    column(2, "decimal", { kind: "decimal" }),
    column(3, "boolean", { kind: "boolean" }),
    column(4, "timestamptz", { kind: "timestamp", digits: 6, utc: true, rounded: true }),
    column(5, "timestamp", { kind: "timestamp", digits: 6, utc: false, rounded: true }),
    column(6, "date", { kind: "date" }),
    column(7, "time", { kind: "time", digits: 6 }),
    column(8, "uuid", { kind: "uuid" }),
    column(9, "json", { kind: "json" }),
    column(10, "binary", { kind: "binary" }),
    column(11, "float64", { kind: "float", bits: 64 }),
    column(12, "float32", { kind: "float", bits: 32 }),
    column(13, "text", { kind: "text", blankPadded: false }),
  ];
  const values = `(-42::int8, 'é'::text, -1.50::numeric, true, '2026-11-21 10:00:00.123456+00'::timestamptz, '2026-11-21 10:00:00'::timestamp,
    '0044-03-15 BC'::date, '12:30:00.5'::time, 'b2c8d1f0-4b3a-4f53-9d7c-8a1b2c3d4e5f'::uuid, '{"b": [1.0, null], "a": "x"}'::jsonb,
    '\\x00ff'::bytea, 'NaN'::float8, 0.1::float4, null::text)`;
  const names = columns.map(({ shape }) => shape.name).join(", ");
  return `select ${PORTABLE}, ${rowHash("native", columns, version)}::text as native from (values ${values}) v(${names})`;
}

const ESTIMATE = `select pg_table_size($1::regclass) as bytes,
  case when c.relkind = 'p' then (select sum(nullif(l.reltuples, -1)) from pg_partition_tree(c.oid) p join pg_class l on l.oid = p.relid where p.isleaf)
       else nullif(c.reltuples, -1) end as rows
  from pg_class c where c.oid = $1::regclass`;
const BOUNDS = `select histogram_bounds::text::text[] as bounds from pg_stats where schemaname = $1 and tablename = $2 and attname = $3 and histogram_bounds is not null order by inherited desc limit 1`;
const ACTIVE = `select count(*) as active from pg_stat_activity where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()`;
