import { and, desc, gt } from "drizzle-orm";
import { people, sessions } from "#db/schema/access.ts";
import { type Actor, type Role, requirePermission } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";
import { type SessionRow, toSessionRow } from "./list-my-sessions.ts";

export interface PersonRow {
  id: string;
  name: string;
  email: string | undefined;
  roles: Role[];
  groups: string[];
  firstSeenAt: Date;
  signedInAt: Date;
  sessions: SessionRow[];
}

/** Everybody who has ever signed in, newest sign-in first, with where they are signed in now. */
export async function listPeople(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  current: { sessionId: string | undefined },
): Promise<PersonRow[]> {
  requirePermission(actor, "access:manage");
  const everybody = await db.select().from(people).orderBy(desc(people.signedInAt)).limit(1_000);
  const open = await db
    .select()
    .from(sessions)
    .where(and(gt(sessions.idleExpiresAt, now()), gt(sessions.expiresAt, now())))
    .orderBy(desc(sessions.seenAt));
  const byPerson = Map.groupBy(open, ({ personId }) => personId);
  return everybody.map((person) => ({
    id: person.id,
    name: person.name,
    email: person.email ?? undefined,
    roles: person.roles,
    groups: person.groups,
    firstSeenAt: person.createdAt,
    signedInAt: person.signedInAt,
    sessions: (byPerson.get(person.id) ?? []).map((row) => toSessionRow(row, current.sessionId)),
  }));
}
