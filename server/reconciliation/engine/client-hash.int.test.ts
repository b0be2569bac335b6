import mysql from "mysql2/promise";
import pg from "pg";
import { expect, test } from "vitest";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import { startMariadbSource } from "#server/testing/mariadb-source.ts";
import { startSourceDatabase } from "#server/testing/source-database.ts";
import { BucketSums, keyClass, rowHash } from "./client-hash.ts";
import { mariadbSide } from "./mariadb-side.ts";
import { postgresSide } from "./postgres-side.ts";
import type { BucketHashes, TableSide } from "./side.ts";

const limits = { statementTimeoutMs: 10_000, signal: new AbortController().signal };

test("PostgreSQL, MariaDB and this process compute the same hashes of the same rows", async () => {
  const [postgres, mariadb] = await Promise.all([startSourceDatabase(), startMariadbSource()]);
  try {
    const rows = `('a', 1, 1.50, 'x', null, '2026-01-01 10:00:00.120000'), ('B', 2, -0.25, '', 'é', '1969-12-31 23:59:59.000000'),
      ('ü ', 3, 0, 'NULL', '🎉', null)`;
    const columns = "k varchar(10) primary key, n int, amount decimal(10, 2), a text, b text, at";
    await postgres.admin.query(`create table t (${columns} timestamp(6)); insert into t values ${rows}`);
    await postgres.admin.query(`grant select on t to ${postgres.readonly.user}`);
    await mariadb.admin.query(`create table t (${columns} datetime(6)); insert into t values ${rows}`);
    const source = mariadbSide({
      table: { schema: mariadb.name, name: "t" },
      connect: () =>
        mysql.createConnection({
          host: mariadb.host,
          port: mariadb.port,
          ...mariadb.readonly,
          bigNumberStrings: true,
          supportBigNumbers: true,
          dateStrings: true,
        }),
    });
    const target = postgresSide({
      table: { schema: "public", name: "t" },
      connect: async () => {
        const client = new pg.Client({
          host: postgres.host,
          port: postgres.port,
          database: postgres.name,
          ...postgres.readonly,
        });
        await client.connect();
        return client;
      },
    });
    const comparison = planComparison(
      await source.describe(limits.signal),
      await target.describe(limits.signal),
    );
    const forms = comparison.columns.map(({ form }) => form);
    const open = (side: TableSide, end: "source" | "target", keyLength: number) =>
      side.open(
        {
          keyLength,
          columns: comparison.columns.map((column) => ({ name: column[end], form: column.form })),
        },
        limits,
      );
    const request = { hash: "sha256", put: "sum", slice: { kind: "all" } } as const;
    const read = async (side: TableSide, end: "source" | "target") => {
      const [reader, keyless] = [await open(side, end, 1), await open(side, end, 0)];
      try {
        return {
          rows: await reader.rows("sha256", ["a", "B", "ü "]),
          buckets: await reader.bucketHashes({ ...request, space: { kind: "key-hash", buckets: 7 } }),
          classes: await keyless.bucketHashes({ ...request, space: { kind: "row-hash", buckets: 5 } }),
        };
      } finally {
        await Promise.all([reader.close(), keyless.close()]);
      }
    };
    const [there, here] = await Promise.all([read(target, "target"), read(source, "source")]);
    const own = new BucketSums(7, "sum");
    for (const [key, found] of here.rows)
      for (const row of found) {
        const hashed = rowHash(forms, row.values);
        expect(hashed.toString(16).padStart(16, "0")).toBe(Buffer.from(row.hash, "latin1").toString("hex"));
        own.add(keyClass(forms, [key]), hashed);
      }

    expect(here.rows).toEqual(there.rows);
    expect(byBucket(here.buckets)).toEqual(byBucket(there.buckets));
    expect(byBucket(here.classes)).toEqual(byBucket(there.classes));
    expect(byBucket(own.result())).toEqual(byBucket(here.buckets));
  } finally {
    await Promise.all([postgres.stop(), mariadb.stop()]);
  }
});

/** Servers give buckets in any order. */
function byBucket({ buckets, counts, sums }: BucketHashes): Map<number, [number?, bigint?]> {
  return new Map([...buckets].map((bucket, place) => [bucket, [counts[place], sums[place]]]));
}
