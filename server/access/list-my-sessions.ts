import { and, desc, eq, gt } from "drizzle-orm";
import { sessions } from "#db/schema/access.ts";
import { describeDevice } from "#domain/access/device.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";

export interface SessionRow {
  id: string;
  /** In words: browser and system. */
  device: string;
  address: string | undefined;
  startedAt: Date;
  seenAt: Date;
  /** When it ends if nobody uses it any more. */
  idleExpiresAt: Date;
  /** When it ends in any case. */
  expiresAt: Date;
  /** Set while the provider does not answer: the roles are as of then. */
  rolesStaleSince: Date | undefined;
  isCurrent: boolean;
}

/** Where I am signed in, the session in use first. */
export async function listMySessions(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  current: { sessionId: string | undefined },
): Promise<SessionRow[]> {
  requirePermission(actor, "console:view");
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(eq(sessions.personId, actor.id), gt(sessions.idleExpiresAt, now()), gt(sessions.expiresAt, now())),
    )
    .orderBy(desc(sessions.seenAt));
  return rows
    .map((row) => toSessionRow(row, current.sessionId))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}

export function toSessionRow(row: typeof sessions.$inferSelect, currentId: string | undefined): SessionRow {
  return {
    id: row.id,
    device: describeDevice(row.userAgent),
    address: row.address ?? undefined,
    startedAt: row.createdAt,
    seenAt: row.seenAt,
    idleExpiresAt: row.idleExpiresAt,
    expiresAt: row.expiresAt,
    rolesStaleSince: row.rolesStaleSince ?? undefined,
    isCurrent: row.id === currentId,
  };
}
