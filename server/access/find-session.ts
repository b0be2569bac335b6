import { and, eq, gt, lt } from "drizzle-orm";
import { people, sessions } from "#db/schema/access.ts";
import type { Role } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";
import type { AccessSettings } from "./access-settings.ts";
import { earlier } from "./open-session.ts";
import { hashSessionToken } from "./session-token.ts";

export interface LiveSession {
  id: string;
  person: { id: string; issuer: string; subject: string; name: string; roles: Role[] };
  seenAt: Date;
  expiresAt: Date;
  rolesDueAt: Date;
  sealedTokens: string | null;
}

const TOUCH_EVERY_MS = 60_000;

/** The session behind a cookie, unless it has ended or run out. */
export async function findSession(
  { db, now }: Pick<Deps, "db" | "now">,
  token: string,
): Promise<LiveSession | undefined> {
  const at = now();
  const [row] = await db
    .select({
      id: sessions.id,
      seenAt: sessions.seenAt,
      expiresAt: sessions.expiresAt,
      rolesDueAt: sessions.rolesDueAt,
      sealedTokens: sessions.sealedTokens,
      person: {
        id: people.id,
        issuer: people.issuer,
        subject: people.subject,
        name: people.name,
        roles: people.roles,
      },
    })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.personId))
    .where(
      and(
        eq(sessions.tokenHash, hashSessionToken(token)),
        gt(sessions.idleExpiresAt, at),
        gt(sessions.expiresAt, at),
      ),
    );
  return row;
}

/** Pushes the idle limit out; at most one write a minute, however many requests there are. */
export async function touchSession(
  { db, now }: Pick<Deps, "db" | "now">,
  settings: AccessSettings,
  session: LiveSession,
): Promise<void> {
  const at = now();
  const due = new Date(at.getTime() - TOUCH_EVERY_MS);
  if (session.seenAt > due) return;
  await db
    .update(sessions)
    .set({ seenAt: at, idleExpiresAt: earlier(new Date(at.getTime() + settings.idleMs), session.expiresAt) })
    .where(and(eq(sessions.id, session.id), lt(sessions.seenAt, due)));
}
