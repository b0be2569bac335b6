import { sql } from "drizzle-orm";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";

export interface AuditFacets {
  actions: string[];
  actors: { id: string; name: string }[];
}

/** What there is to filter by. Walks the indexes from value to value: as fast with a million entries as with ten. */
export async function listAuditFacets({ db }: Pick<Deps, "db">, actor: Actor): Promise<AuditFacets> {
  requirePermission(actor, "audit:view");
  const actions = await db.execute<{ value: string }>(sql`
    with recursive walk as (
      (select action as value from audit_entries order by action limit 1)
      union all
      select (select action from audit_entries where action > walk.value order by action limit 1) from walk
      where walk.value is not null
    ) select value from walk where value is not null limit 500`);
  const actors = await db.execute<{ id: string; name: string }>(sql`
    with recursive walk as (
      (select actor_id as value from audit_entries order by actor_id limit 1)
      union all
      select (select actor_id from audit_entries where actor_id > walk.value order by actor_id limit 1) from walk
      where walk.value is not null
    ) select walk.value as id, latest.actor_name as name
      from walk
      cross join lateral (select actor_name from audit_entries where actor_id = walk.value order by seq desc limit 1) latest
      where walk.value is not null order by name limit 500`);
  return { actions: actions.rows.map(({ value }) => value), actors: actors.rows };
}
