import { sql } from "drizzle-orm";
import type { Db, DbOrTx } from "#db/client.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** Longer than a search that an index serves ever takes, shorter than people wait. */
export const SEARCH_MS = 8_000;

/** The trail only grows, and words are looked for in every entry: a search that takes too long ends with what would make it fast. */
export async function withinSearchTime<T>(
  db: Db,
  statementMs: number,
  read: (tx: DbOrTx) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(
      async (tx) => {
        await tx.execute(sql`select set_config('statement_timeout', ${String(statementMs)}, true)`);
        return read(tx);
      },
      { accessMode: "read only" },
    );
  } catch (error) {
    if (!wasCancelled(error)) throw error;
    throw new AppError(
      "invalid",
      `The search took longer than ${statementMs / 1_000} s and was ended. Narrow it by time (age:<7d, from:, to:), action: or actor:`,
      { cause: error },
    );
  }
}

function wasCancelled(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "code" in cause && cause.code === "57014";
}
