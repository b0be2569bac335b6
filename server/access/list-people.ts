import { and, count, desc, getTableColumns, gt, inArray, lte, sql } from "drizzle-orm";
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
  /** The latest used ones. */
  sessions: SessionRow[];
  /** How many there are, shown or not. */
  sessionCount: number;
}

export interface PeopleList {
  people: PersonRow[];
  /** How many there are, shown or not. */
  total: number;
}

const MOST_PEOPLE = 200;
const MOST_SESSIONS_EACH = 20;

/** Who signed in last, newest first, with where they are signed in now. */
export async function listPeople(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  current: { sessionId: string | undefined },
): Promise<PeopleList> {
  requirePermission(actor, "access:manage");
  const [counted] = await db.select({ total: count() }).from(people);
  const listed = await db.select().from(people).orderBy(desc(people.signedInAt)).limit(MOST_PEOPLE);
  const ranked = db
    .select({
      ...getTableColumns(sessions),
      rank: sql<number>`row_number() over (partition by ${sessions.personId} order by ${sessions.seenAt} desc)`
        .mapWith(Number)
        .as("rank"),
      sessionCount: sql<number>`count(*) over (partition by ${sessions.personId})`
        .mapWith(Number)
        .as("session_count"),
    })
    .from(sessions)
    .where(
      and(
        inArray(
          sessions.personId,
          listed.map(({ id }) => id),
        ),
        gt(sessions.idleExpiresAt, now()),
        gt(sessions.expiresAt, now()),
      ),
    )
    .as("ranked");
  const open = await db
    .select()
    .from(ranked)
    .where(lte(ranked.rank, MOST_SESSIONS_EACH))
    .orderBy(desc(ranked.seenAt));
  const byPerson = Map.groupBy(open, ({ personId }) => personId);
  return {
    total: counted?.total ?? listed.length,
    people: listed.map((person) => {
      const own = byPerson.get(person.id) ?? [];
      return {
        id: person.id,
        name: person.name,
        email: person.email ?? undefined,
        roles: person.roles,
        groups: person.groups,
        firstSeenAt: person.createdAt,
        signedInAt: person.signedInAt,
        sessions: own.map((row) => toSessionRow(row, current.sessionId)),
        sessionCount: own[0]?.sessionCount ?? 0,
      };
    }),
  };
}
