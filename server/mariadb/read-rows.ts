import type mysql from "mysql2/promise";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";

/** Runs one statement and parses every row: a server of another version may answer another shape. */
export async function readRows<T>(
  client: mysql.Connection,
  row: z.ZodType<T>,
  sql: string,
  values: (string | number | null)[] = [],
): Promise<T[]> {
  const [rows] = await client.execute<mysql.RowDataPacket[]>(sql, values);
  const parsed = z.array(row).safeParse(rows);
  if (parsed.success) return parsed.data;
  throw new AppError("upstream_contract_broken", "MariaDB answered something unexpected", {
    upstream: "MariaDB",
    cause: parsed.error,
  });
}

export async function readRow<T>(
  client: mysql.Connection,
  row: z.ZodType<T>,
  sql: string,
  values: (string | number | null)[] = [],
): Promise<T> {
  const [first] = await readRows(client, row, sql, values);
  if (first !== undefined) return first;
  throw new AppError("upstream_contract_broken", "MariaDB answered no row where there is always one", {
    upstream: "MariaDB",
  });
}
