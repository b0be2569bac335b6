import type pg from "pg";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";

/** Runs one statement and parses every row: a server of another version may answer another shape. */
export async function readRows<T>(
  client: pg.ClientBase,
  row: z.ZodType<T>,
  sql: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
  const parsed = z.array(row).safeParse(rows);
  if (parsed.success) return parsed.data;
  throw new AppError("upstream_contract_broken", "PostgreSQL answered something unexpected", {
    upstream: "PostgreSQL",
    cause: parsed.error,
  });
}

export async function readRow<T>(
  client: pg.ClientBase,
  row: z.ZodType<T>,
  sql: string,
  values: readonly unknown[] = [],
): Promise<T> {
  const [first] = await readRows(client, row, sql, values);
  if (first !== undefined) return first;
  throw new AppError("upstream_contract_broken", "PostgreSQL answered no row where there is always one", {
    upstream: "PostgreSQL",
  });
}
