import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { GroupId } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { type GroupRow, readGroups } from "./list-groups.ts";

export interface GroupDetail extends GroupRow {
  /** Of the way of grouping that made it; newer records may be grouped by a newer way. */
  groupingVersion: number;
  /** A muted group wakes when it has this many records in all… */
  muteUntilCount: number | null;
  /** …or at its first record after this moment. */
  muteUntilAt: Date | null;
  resolvedAt: Date | null;
}

/** One failure group with what its records have in common. */
export async function getGroup(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  { id }: GroupId,
): Promise<GroupDetail> {
  requirePermission(actor, "console:view");
  const [groups, stored] = await Promise.all([
    readGroups({ pool }, { where: "g.id = $1", values: [id], order: "g.id", limit: 1, offset: 0, at: now() }),
    pool.query<{
      version: number;
      mute_until_count: string | null;
      mute_until_at: Date | null;
      resolved_at: Date | null;
    }>("select version, mute_until_count, mute_until_at, resolved_at from dead_letter_groups where id = $1", [
      id,
    ]),
  ]);
  const [group] = groups;
  const [kept] = stored.rows;
  if (!group || !kept) throw new AppError("not_found", "There is no such failure group");
  return {
    ...group,
    groupingVersion: kept.version,
    muteUntilCount: kept.mute_until_count === null ? null : Number(kept.mute_until_count),
    muteUntilAt: kept.mute_until_at,
    resolvedAt: kept.resolved_at,
  };
}
