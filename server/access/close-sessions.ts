import { eq, inArray } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { people, sessions } from "#db/schema/access.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { appendAudit } from "#server/audit/audited.ts";
import { notifyChange } from "#server/live/notify-change.ts";

type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

/** The provider acting on its own: roles taken away, accounts closed, logout elsewhere. */
export const PROVIDER_ACTOR: Actor = {
  id: "system:identity-provider",
  name: "Identity provider",
  roles: [],
  via: "api",
};

interface Closing {
  action: "access.sign-out" | "access.end-session" | "access.session-expired";
  actor: Actor;
  sessionIds: readonly string[];
  reason: string;
}

/** Deletes sessions and says so in the trail, in the caller's transaction. Returns how many there were. */
export async function closeSessions(tx: Tx, { action, actor, sessionIds, reason }: Closing): Promise<number> {
  if (sessionIds.length === 0) return 0;
  const closed = await tx
    .delete(sessions)
    .where(inArray(sessions.id, [...sessionIds]))
    .returning({ id: sessions.id, personId: sessions.personId });
  if (closed.length === 0) return 0;
  await notifyChange(tx, "access", "sessions");
  for (const { id, personId } of closed) {
    const [person] = await tx.select({ name: people.name }).from(people).where(eq(people.id, personId));
    await appendAudit(tx, actor, {
      action,
      subject: { person: person?.name ?? personId, session: id },
      outcome: "succeeded",
      detail: { reason },
    });
  }
  return closed.length;
}
