import { and, eq, ne } from "drizzle-orm";
import { sessions } from "#db/schema/access.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { SessionId } from "#domain/access/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { closeSessions } from "./close-sessions.ts";

/** Ends one session at once: mine, or anyone's for somebody who manages access. */
export async function endSession(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { id }: SessionId,
): Promise<{ ended: number }> {
  requirePermission(actor, "console:view");
  const [session] = await db
    .select({ personId: sessions.personId })
    .from(sessions)
    .where(eq(sessions.id, id));
  const isMine = session?.personId === actor.id;
  // Without the right nobody learns whether somebody else's session exists.
  if (!isMine) requirePermission(actor, "access:manage");
  if (!session) throw new AppError("not_found", "This session has already ended");
  const ended = await db.transaction((tx) =>
    closeSessions(tx, {
      action: "access.end-session",
      actor,
      sessionIds: [id],
      reason: isMine ? "Ended by its owner" : `Ended by ${actor.name}`,
    }),
  );
  return { ended };
}

/** Ends all my sessions but the one in use. */
export async function endOtherSessions(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  current: { sessionId: string | undefined },
): Promise<{ ended: number }> {
  requirePermission(actor, "console:view");
  const ended = await db.transaction(async (tx) => {
    const others = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(
        and(
          eq(sessions.personId, actor.id),
          current.sessionId ? ne(sessions.id, current.sessionId) : undefined,
        ),
      );
    return closeSessions(tx, {
      action: "access.end-session",
      actor,
      sessionIds: others.map(({ id }) => id),
      reason: "Ended by its owner from another session",
    });
  });
  return { ended };
}
