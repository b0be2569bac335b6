import type { Connection as CallbackConnection } from "mysql2";
import type mysql from "mysql2/promise";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { BucketSpace, Slice } from "#domain/reconciliation/engine/bucket-space.ts";
import type { SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import { type KeyText, keyParts, keysWithNul, keyText } from "#domain/reconciliation/engine/key-text.ts";
import type { TableName } from "./describe-postgres.ts";
import { INTEGER_ROW_BYTES, inKeyOrder } from "./integer-rows.ts";
import { mariadbFailure } from "./mariadb-failure.ts";
import { cutLikeParts } from "./mariadb-splits.ts";
import {
  classHash,
  keyLookup,
  type MariadbColumn,
  quoteIdentifier,
  rowClassHash,
  rowHashHex,
  rowHashNumber,
  textValue,
} from "./mariadb-values.ts";
import { mergeRanges } from "./merge-ranges.ts";
import type {
  BucketHashes,
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

export interface MariadbReaderOptions {
  client: mysql.Connection;
  table: TableName;
  columns: readonly MariadbColumn[];
  layout: SideLayout;
  limits: SideLimits;
  busySessions: number;
  /** First column of the table's own primary key; the comparison may go by another. */
  primaryKey: string | undefined;
  /** Ends what the server still does for a connection that was given up. */
  kill(): Promise<void>;
}

const ROWS_PER_BATCH = 20_000;

/** Values of one row as the driver hands them over: text, or null. */
type Cells = readonly (string | null)[];

/** Reads one table over one connection, one statement at a time. */
export function createMariadbReader(options: MariadbReaderOptions): SideReader {
  const { client, columns, table, limits, busySessions } = options;
  const key = columns.slice(0, options.layout.keyLength);
  const from = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
  const name = `${table.schema}.${table.name}`;
  const [leading] = key;
  // Else the server prefers to read the whole table; a key of another index is left to it.
  const byPrimary = leading && leading.shape.name === options.primaryKey ? " force index (primary)" : "";
  const cost: SideCost = { statements: 0, rowsRead: 0, bytesReceived: 0, serverMs: 0 };

  const abort = () => {
    client.destroy();
    void options.kill();
  };
  limits.signal.addEventListener("abort", abort, { once: true });

  /** Rows one by one, as arrays of text: a large answer is never held as a whole. */
  async function each(sql: string, onRow: (cells: Cells) => void): Promise<void> {
    limits.signal.throwIfAborted();
    const [started, received] = [performance.now(), bytesOf(client)];
    try {
      await streamRows(client, sql, onRow);
    } catch (error) {
      throw mariadbFailure(error, name, limits.signal);
    } finally {
      cost.statements += 1;
      cost.serverMs += performance.now() - started;
      cost.bytesReceived += bytesOf(client) - received;
    }
  }

  async function asked<T>(row: z.ZodType<T>, sql: string): Promise<T | undefined> {
    const found: Cells[] = [];
    await each(sql, (cells) => found.push(cells));
    if (found[0] === undefined) return undefined;
    const parsed = row.safeParse(found[0]);
    if (parsed.success) return parsed.data;
    throw new AppError("upstream_contract_broken", "MariaDB answered something unexpected", {
      upstream: "MariaDB",
      cause: parsed.error,
    });
  }

  function leadingName(): string {
    if (!leading) throw new Error("a table without a key has no ranges");
    return quoteIdentifier(leading.shape.name);
  }

  const rowClass = (hash: HashKind) => (hash === "presence" ? "0" : rowClassHash(columns));
  const anyClass = (hash: HashKind) => (key.length === 0 ? rowClass(hash) : classHash(key));

  function bucketOf(hash: HashKind, space: BucketSpace): string {
    if (space.kind !== "integer-range") return `${anyClass(hash)} mod ${space.buckets}`;
    const place = `(${leadingName()} - (${space.origin}))`;
    const { width } = space;
    return width === 1n ? place : `(${place} - if(${place} < 0, ${width - 1n}, 0)) div ${width}`;
  }

  function condition(hash: HashKind, slice: Slice): string {
    if (slice.kind === "all") return "true";
    if (slice.kind === "classes") return `${anyClass(hash)} mod ${slice.of} = ${slice.part}`;
    const bounds = [
      ...(slice.from === undefined ? [] : [`${leadingName()} >= ${slice.from}`]),
      ...(slice.to === undefined ? [] : [`${leadingName()} < ${slice.to}`]),
    ];
    return bounds.join(" and ") || "true";
  }

  const keyTexts = key.map(textValue).join(", ");

  /** Key values and hash of a row; without a key the hash and how many such rows there are. */
  function rowCells(hash: HashKind): string {
    return key.length === 0
      ? `${rowHashHex(hash, columns)}, cast(count(*) as char)`
      : `${keyTexts}, ${rowHashHex(hash, columns)}`;
  }

  const grouping = (hash: HashKind) =>
    key.length === 0 ? ` group by ${rowHashHex(hash, columns)} order by null` : "";

  function addRow(cells: Cells, into: RowHashes): void {
    if (key.length === 0) {
      into.keys.push(cells[0] ?? "");
      into.hashes.push(cells[1] ?? "");
      return;
    }
    into.keys.push(keyOf(cells));
    into.hashes.push(tokenOf(cells[key.length]));
  }

  const keyOf = (cells: Cells): KeyText => keyText(key.map((_column, place) => cells[place] ?? ""));

  /** Numbers in a list, other keys as a table on the server: one look into the index each. What it finds by a looser rule is sorted out here. */
  function byKeys(select: string, keys: readonly KeyText[]): string {
    if (key.length === 1 && leading?.form.kind === "integer" && leading.shape.family === "integer") {
      const numbers = keys.filter((text) => /^-?\d{1,20}$/.test(text));
      return `select ${select} from ${from} where ${leadingName()} in (${numbers.join(", ") || "null"})`;
    }
    const lookups = key.map((column, place) => keyLookup(column, `k.\`#p${place}\``));
    const listed = JSON.stringify(keysWithNul(keys).map((text) => keyParts(text, key.length)));
    const typed = lookups.map(({ type }, place) => `\`#p${place}\` ${type} path '$[${place}]'`).join(", ");
    return `select ${select} from json_table(${client.escape(listed)}, '$[*]' columns (${typed})) k straight_join ${from} on ${lookups.map(({ equals }) => equals).join(" and ")}`;
  }

  function byRanges(hash: HashKind, ranges: readonly [bigint, bigint][]): string {
    const listed = client.escape(JSON.stringify(ranges.map(([low, high]) => [String(low), String(high)])));
    const typed = "`#low` decimal(20) path '$[0]', `#high` decimal(20) path '$[1]'";
    return `select ${rowCells(hash)} from json_table(${listed}, '$[*]' columns (${typed})) k straight_join ${from}${byPrimary} on ${leadingName()} >= k.\`#low\` and ${leadingName()} < k.\`#high\``;
  }

  async function rowsWithoutKey(hash: HashKind, keys: readonly KeyText[]): Promise<Cells[]> {
    const own = rowHashHex(hash, columns);
    const values = columns.map((column) => `min(${textValue(column)})`).join(", ");
    const wanted = keys.map((text) => client.escape(text)).join(", ") || "null";
    const found: Cells[] = [];
    await each(
      `select ${own}, cast(count(*) as char), ${values} from ${from} where ${own} in (${wanted}) group by 1 order by null`,
      (cells) => found.push(cells),
    );
    return found;
  }

  return {
    async hashes(): Promise<HashOffer[]> {
      const row = await asked(
        z.tuple([z.string()]),
        "select left(sha2(concat('a', char(31 using utf8mb4), char(30 using utf8mb4), char(31 using utf8mb4), 'é'), 256), 16)",
      );
      return [
        { kind: "sha256", selfTest: row?.[0] ?? "" },
        { kind: "presence", selfTest: "1" },
      ];
    },

    async estimate() {
      const row = await asked(
        z.tuple([z.coerce.number().nullable(), z.coerce.number().nullable()]),
        `select cast(table_rows as char), cast(data_length as char) from information_schema.tables
          where table_schema = ${client.escape(table.schema)} and table_name = ${client.escape(table.name)}`,
      );
      const bytes = row?.[1] ?? undefined;
      return { rows: row?.[0] ?? Math.round((bytes ?? 0) / 100), bytes };
    },

    async keyRange() {
      if (leading?.form.kind !== "integer") return undefined;
      const row = await asked(
        z.tuple([z.string().nullable(), z.string().nullable()]),
        `select cast(min(${leadingName()}) as char), cast(max(${leadingName()}) as char) from ${from}`,
      );
      return row?.[0] && row[1] ? { min: BigInt(row[0]), max: BigInt(row[1]) } : undefined;
    },

    async splits(count) {
      const range = count < 2 ? undefined : await this.keyRange();
      if (!range) return [];
      return cutLikeParts(range, count, async (low, high) => {
        let rows = 0;
        // Of EXPLAIN's cells the ninth is how many rows the index dive guesses.
        await each(
          `explain select ${leadingName()} from ${from} where ${leadingName()} >= ${low} and ${leadingName()} < ${high}`,
          (cells) => {
            rows += Number(cells[8] ?? 0);
          },
        );
        return rows;
      });
    },

    async bucketHashes({ hash, put, space, slice }: BucketRequest): Promise<BucketHashes> {
      const found: [number, number, bigint][] = [];
      const aggregate = put === "xor" ? "bit_xor" : "sum";
      const together = hash === "presence" ? "count(*)" : `${aggregate}(${rowHashNumber(hash, columns)})`;
      // By place: a name would mean a column of the table that has it.
      const sql = `select cast(${bucketOf(hash, space)} as signed), count(*), cast(${together} as char) from ${from} where ${condition(hash, slice)} group by 1 order by null`;
      await each(sql, ([bucket, rows, sum]) =>
        found.push([Number(bucket), Number(rows), BigInt.asUintN(64, BigInt(sum ?? 0))]),
      );
      found.sort(([a], [b]) => a - b);
      const counts = Uint32Array.from(found, ([, rows]) => rows);
      cost.rowsRead += counts.reduce((total, rows) => total + rows, 0);
      return {
        buckets: Float64Array.from(found, ([bucket]) => bucket),
        counts,
        sums: BigUint64Array.from(found, ([, , sum]) => sum),
      };
    },

    async *rowHashes({ hash, space, slice, buckets }: RowRequest) {
      const found: RowHashes = { keys: [], hashes: [] };
      const take = (cells: Cells) => addRow(cells, found);
      if (buckets && space.kind === "integer-range") {
        await each(byRanges(hash, mergeRanges(buckets, space)), take);
      } else {
        const chosen = buckets ? `${bucketOf(hash, space)} in (${buckets.join(", ") || "null"})` : "true";
        await each(
          `select ${rowCells(hash)} from ${from} where ${condition(hash, slice)} and ${chosen}${grouping(hash)}`,
          take,
        );
      }
      cost.rowsRead += found.keys.length;
      for (let at = 0; at < found.keys.length; at += ROWS_PER_BATCH)
        yield {
          keys: found.keys.slice(at, at + ROWS_PER_BATCH),
          hashes: found.hashes.slice(at, at + ROWS_PER_BATCH),
        };
    },

    packsIntegers: key.length === 1 && leading?.form.kind === "integer",

    async integerRows({ hash, space, buckets }) {
      if (key.length !== 1 || !buckets || space.kind !== "integer-range") return undefined;
      const rows: Buffer[] = [];
      let fits = true;
      await each(byRanges(hash, mergeRanges(buckets, space)), ([id, hashed]) => {
        const number = BigInt(id ?? 0);
        fits &&= BigInt.asIntN(64, number) === number;
        if (!fits) return;
        const row = Buffer.allocUnsafe(INTEGER_ROW_BYTES);
        row.writeBigInt64BE(number);
        row.write(hashed ?? "", INTEGER_ROW_BYTES / 2, "hex");
        rows.push(row);
      });
      cost.rowsRead += rows.length;
      return fits ? inKeyOrder(Buffer.concat(rows)) : undefined;
    },

    async keyHashes(hash, keys) {
      const found: RowHashes = { keys: [], hashes: [] };
      if (keys.length === 0) return found;
      if (key.length === 0) {
        for (const cells of await rowsWithoutKey(hash, keys)) addRow(cells, found);
      } else {
        const wanted = new Set(keys);
        await each(byKeys(rowCells(hash), keys), (cells) => {
          if (wanted.has(keyOf(cells))) addRow(cells, found);
        });
      }
      cost.rowsRead += found.keys.length;
      return found;
    },

    async rows(hash, keys) {
      const rows = new Map<KeyText, FoundRow[]>();
      const add = (text: KeyText, row: FoundRow) => rows.set(text, [...(rows.get(text) ?? []), row]);
      if (keys.length === 0) return rows;
      if (key.length === 0) {
        for (const [text, count, ...values] of await rowsWithoutKey(hash, keys))
          add(text ?? "", { hash: count ?? "", values });
      } else {
        const wanted = new Set(keys);
        const values = columns.map(textValue).join(", ");
        await each(byKeys(`${values}, ${rowHashHex(hash, columns)}`, keys), (cells) => {
          const text = keyOf(cells);
          if (!wanted.has(text)) return;
          add(text, { hash: tokenOf(cells[columns.length]), values: cells.slice(0, columns.length) });
        });
      }
      cost.rowsRead += rows.size;
      return rows;
    },

    async *keysInWindow({ column, from: start, to }) {
      const found: KeyText[] = [];
      const moment = (at: Date) => client.escape(at.toISOString().slice(0, 23).replace("T", " "));
      const own = quoteIdentifier(column);
      await each(
        `select ${keyTexts} from ${from} where ${own} >= ${moment(start)} and ${own} < ${moment(to)}`,
        (cells) => found.push(keyOf(cells)),
      );
      for (let at = 0; at < found.length; at += ROWS_PER_BATCH) yield found.slice(at, at + ROWS_PER_BATCH);
    },

    async isBusy() {
      const row = await asked(
        z.tuple([z.string(), z.coerce.number()]),
        "show global status like 'Threads_running'",
      );
      return (row?.[1] ?? 1) - 1 > busySessions;
    },

    cost: () => ({ ...cost }),

    async close() {
      limits.signal.removeEventListener("abort", abort);
      await client.end().catch(() => undefined);
    },
  };
}

/** The eight bytes of a hash, one character each: what the other end's binary form gives. */
function tokenOf(hexadecimal: string | null | undefined): string {
  return Buffer.from(hexadecimal ?? "", "hex").toString("latin1");
}

/** Through the driver's own connection: its promises hold every row of an answer. */
function streamRows(client: mysql.Connection, sql: string, onRow: (cells: Cells) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: unknown;
    const core = coreOf(client);
    // A connection that was lost between two statements tells itself, and not the statement.
    const fail = (error: unknown) => {
      core.off("error", fail);
      reject(error);
    };
    core.once("error", fail);
    const query = core.query({ sql, rowsAsArray: true });
    query.on("error", fail);
    query.on("result", (row: unknown) => {
      try {
        if (failed === undefined) onRow(row as Cells);
      } catch (error) {
        failed = error;
      }
    });
    query.on("end", () => {
      core.off("error", fail);
      if (failed === undefined) resolve();
      else reject(failed);
    });
  });
}

type Core = Pick<CallbackConnection, "query" | "once" | "off"> & { stream?: { bytesRead?: number } };

/** The driver's types leave out what its promises wrap: the connection that streams, and its socket. */
function coreOf(client: mysql.Connection): Core {
  return (client as unknown as { connection: Core }).connection;
}

function bytesOf(client: mysql.Connection): number {
  return coreOf(client).stream?.bytesRead ?? 0;
}
