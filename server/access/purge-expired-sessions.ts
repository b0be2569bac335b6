import { lt, or } from "drizzle-orm";
import { rateLimits, sessions, usedLogoutTokens } from "#db/schema/access.ts";
import type { Actor } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";
import { closeSessions } from "./close-sessions.ts";

const PURGER: Actor = { id: "system:access", name: "Access", roles: [], via: "worker" };

/** Removes what has run out: sessions (each with its entry in the trail), used logout tokens, counters. Returns the sessions. */
export async function purgeExpiredSessions({ db, now }: Pick<Deps, "db" | "now">): Promise<number> {
  const at = now();
  await db.delete(usedLogoutTokens).where(lt(usedLogoutTokens.expiresAt, at));
  await db.delete(rateLimits).where(lt(rateLimits.expire, at.getTime()));
  return db.transaction(async (tx) => {
    const over = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(or(lt(sessions.idleExpiresAt, at), lt(sessions.expiresAt, at)))
      .limit(500)
      .for("update", { skipLocked: true });
    return closeSessions(tx, {
      action: "access.session-expired",
      actor: PURGER,
      sessionIds: over.map(({ id }) => id),
      reason: "Unused for too long, or at the end of its time",
    });
  });
}
