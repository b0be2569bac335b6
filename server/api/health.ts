import { sql } from "drizzle-orm";
import journal from "#db/migrations/meta/_journal.json" with { type: "json" };
import type { Deps } from "#server/deps.ts";

export interface Health {
  ready: boolean;
  checks: { state_database: "ok" | "unreachable"; migrations: "applied" | "pending" | "unknown" };
}

const DEADLINE_MS = 2_000;

/** Whether this web process can serve people: its database answers and has the schema this build expects. */
export async function readHealth({ db }: Pick<Deps, "db">): Promise<Health> {
  const newest = Math.max(...journal.entries.map(({ when }) => when));
  try {
    const applied = await withDeadline(
      db.execute<{ newest: string | null }>(
        sql`select max(created_at)::text as newest from drizzle.__drizzle_migrations`,
      ),
    );
    const isApplied = Number(applied.rows[0]?.newest ?? 0) >= newest;
    return {
      ready: isApplied,
      checks: { state_database: "ok", migrations: isApplied ? "applied" : "pending" },
    };
  } catch (error) {
    if (isMissingTable(error))
      return { ready: false, checks: { state_database: "ok", migrations: "pending" } };
    return { ready: false, checks: { state_database: "unreachable", migrations: "unknown" } };
  }
}

function isMissingTable(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "code" in cause && (cause.code === "42P01" || cause.code === "3F000");
}

function withDeadline<T>(work: Promise<T>): Promise<T> {
  const deadline = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no answer in time")), DEADLINE_MS).unref();
  });
  return Promise.race([work, deadline]);
}
