import { execFile } from "node:child_process";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import { readEndpoints, readMariadbLogin } from "#lab/endpoints.ts";
import { mariadbSide } from "#server/reconciliation/engine/mariadb-side.ts";
import { LAB_DIR } from "#server/testing/stack.ts";
import { type Figure, percentile } from "./harness.ts";
import { compare, createPair, type Pair, plant, run, side } from "./reconciliation-load.ts";

const execute = promisify(execFile);
const TABLE = "billing_rows";
const ROUNDS = 3;
/** The lab's server is a small one; the tables compared here are in memory on PostgreSQL's side too. */
const POOL_BYTES = 1 << 30;

/** MariaDB against PostgreSQL, and against a dump of both, sorted and compared line by line. */
export async function againstMariadb(rows: number, say: (line: string) => void): Promise<Figure[]> {
  const login = readMariadbLogin(readEndpoints(LAB_DIR), "root");
  const database = `hg_bench_${Date.now().toString(36)}`;
  const admin = await mysql.createConnection({ ...login, multipleStatements: true });
  const pair = await createPair();
  const pool = await resizePool(admin, POOL_BYTES);
  try {
    say(`filling ${rows} rows in MariaDB and PostgreSQL…`);
    await fillBoth(admin, database, pair, rows);
    const source = mariadbSide({
      table: { schema: database, name: TABLE },
      connect: () =>
        mysql.createConnection({
          ...login,
          supportBigNumbers: true,
          bigNumberStrings: true,
          dateStrings: true,
          jsonStrings: true,
        }),
    });
    const figures: Figure[] = [];
    let planted = 0;
    for (const [name, wanted, atMost] of [
      ["d100", 100, 0.9],
      ["d10k", Math.min(10_000, rows / 10), 1.1],
    ] as const) {
      await plant(pair, TABLE, rows, { wanted, parity: name === "d100" ? 0 : 1 });
      planted += wanted;
      const [ours, shell]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { found, cost } = await compare({ source, target: side(pair.target, TABLE) });
        const total = found.missing_in_source + found.missing_in_target + found.value_mismatch;
        if (total !== planted) throw new Error(`${total} of ${planted} differences were found in MariaDB`);
        ours.push(cost.elapsedMs);
        shell.push(await dumpAndCompare(login, database, pair.target));
      }
      const [own, naively] = [percentile(ours, 0.5), percentile(shell, 0.5)];
      say(`MariaDB ${name}: ${Math.round(own)} ms, dump + sort + comm ${Math.round(naively)} ms`);
      figures.push({
        name: `mariadb_1m_${name}_vs_naive`,
        value: own / naively,
        unit: "×",
        limit: { atMost },
      });
    }
    return figures;
  } finally {
    await admin.query(`drop database if exists ${database}`);
    await resizePool(admin, pool);
    await admin.end();
    await pair.drop();
  }
}

/** Returns the size before. */
async function resizePool(admin: mysql.Connection, bytes: number): Promise<number> {
  const [rows] = await admin.query<mysql.RowDataPacket[]>("select @@innodb_buffer_pool_size as size");
  await admin.query(`set global innodb_buffer_pool_size = ${bytes}`);
  return Number(rows[0]?.size);
}

async function fillBoth(admin: mysql.Connection, database: string, { target }: Pair, rows: number) {
  await Promise.all([
    admin.query(`create database ${database} character set utf8mb4; use ${database};
      create table ${TABLE} (id bigint primary key, n int, code varchar(16), amount decimal(12,2), email text, ok boolean, at datetime(6), body text);
      insert into ${TABLE} select seq, seq * 7919 % 1048576, concat('c', seq % 5000), (seq % 1000000) / 100,
        if(seq % 16 = 0, null, concat('user', seq, '@example.com')), seq % 3 = 0,
        timestamp'2026-01-01 00:00:00.000000' + interval seq * 1000123 microsecond, repeat(md5(seq), 2) from seq_1_to_${rows};
      analyze table ${TABLE}`),
    run(
      target,
      `create table ${TABLE} (id bigint, n int, code varchar(16), amount numeric(12,2), email text, ok boolean, at timestamp(6), body text)`,
      `insert into ${TABLE} select i, i * 7919 % 1048576, 'c' || i % 5000, (i % 1000000) / 100.0,
         case when i % 16 = 0 then null else 'user' || i || '@example.com' end, i % 3 = 0,
         timestamp '2026-01-01' + i * interval '1.000123 second', repeat(md5(i::text), 2) from generate_series(1::bigint, ${rows}) i`,
      `alter table ${TABLE} add primary key (id)`,
      `vacuum (freeze, analyze) ${TABLE}`,
    ),
  ]);
}

/** Milliseconds from the start of both dumps to the last differing line. */
async function dumpAndCompare(
  { host, port, user, password }: ReturnType<typeof readMariadbLogin>,
  database: string,
  target: string,
): Promise<number> {
  const here = `mariadb --no-defaults -h ${host} -P ${port} -u ${user} -q -N -B --raw -e 'select * from ${TABLE}' ${database}`;
  const there = `psql '${target}' -qXAt -c "copy (select id, n, code, amount, email, ok::int, to_char(at, 'YYYY-MM-DD HH24:MI:SS.US'), body from ${TABLE}) to stdout (null 'NULL')"`;
  const sorted = (command: string) => `${command} | LC_ALL=C sort -S 512M --parallel=1`;
  const script = `set -o pipefail; LC_ALL=C comm -3 <(${sorted(here)}) <(${sorted(there)}) | wc -l`;
  const started = performance.now();
  await execute("bash", ["-c", script], { env: { ...process.env, MYSQL_PWD: password } });
  return performance.now() - started;
}
