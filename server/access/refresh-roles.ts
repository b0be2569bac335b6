import { and, eq, isNull, lte } from "drizzle-orm";
import { people, sessions } from "#db/schema/access.ts";
import type { Role } from "#domain/access/permissions.ts";
import { rolesOfGroups } from "#domain/access/role-mapping.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { OidcProvider } from "#server/oidc/provider.ts";
import type { AccessSettings } from "./access-settings.ts";
import { closeSessions, PROVIDER_ACTOR } from "./close-sessions.ts";
import type { LiveSession } from "./find-session.ts";
import { readGroups } from "./read-groups.ts";
import { openTokens, type ProviderTokens, sealTokens } from "./session-token.ts";

type RefreshDeps = Pick<Deps, "db" | "now" | "log">;

/** While the provider does not answer it is asked once a minute, by one request of this session. */
const RETRY_MS = 60_000;

/**
 * Reads the groups again when they are due. Returns the roles that hold now, or undefined when the provider no longer
 * stands behind the session, which then is over. A provider that does not answer changes nothing until the idle limit.
 */
export async function refreshRoles(
  deps: RefreshDeps,
  settings: AccessSettings,
  provider: Pick<OidcProvider, "refresh" | "userinfo">,
  session: LiveSession,
  sessionToken: string,
): Promise<Role[] | undefined> {
  const at = deps.now();
  if (session.rolesDueAt > at || session.sealedTokens === null) return session.person.roles;
  const key = { secret: settings.secret, sessionToken, sessionId: session.id };
  const tokens = openTokens(session.sealedTokens, key);
  if (tokens?.refreshToken === undefined) return session.person.roles;
  // A refresh token may be good for one use only, so of many requests exactly one may use it.
  const claimed = await deps.db
    .update(sessions)
    .set({ rolesDueAt: new Date(at.getTime() + RETRY_MS) })
    .where(
      and(
        eq(sessions.id, session.id),
        eq(sessions.rolesDueAt, session.rolesDueAt),
        lte(sessions.rolesDueAt, at),
      ),
    )
    .returning({ id: sessions.id });
  if (claimed.length === 0) return session.person.roles;

  const answer = await ask(deps, settings, provider, session, tokens.refreshToken, async (next) => {
    // At once: the provider may have made the old one useless, whatever becomes of the rest.
    await deps.db
      .update(sessions)
      .set({ sealedTokens: sealTokens({ ...tokens, ...next }, key) })
      .where(eq(sessions.id, session.id));
  });
  if (answer === "unanswered") return session.person.roles;
  if (answer === "refused") {
    await deps.db.transaction((tx) =>
      closeSessions(tx, {
        action: "access.end-session",
        actor: PROVIDER_ACTOR,
        sessionIds: [session.id],
        reason: "The identity provider no longer stands behind this session",
      }),
    );
    return undefined;
  }
  return deps.db.transaction(async (tx) => {
    await tx
      .update(sessions)
      .set({
        rolesDueAt: new Date(at.getTime() + settings.rolesEveryMs),
        rolesStaleSince: null,
      })
      .where(eq(sessions.id, session.id));
    const [before] = await tx
      .select({ roles: people.roles })
      .from(people)
      .where(eq(people.id, session.person.id))
      .for("update");
    const roles = rolesOfGroups(answer.groups, settings.mapping);
    await tx.update(people).set({ groups: answer.groups, roles }).where(eq(people.id, session.person.id));
    if (before && before.roles.join() !== roles.join()) {
      await notifyChange(tx, "access", "roles");
      await appendAudit(tx, PROVIDER_ACTOR, {
        action: "access.change-roles",
        subject: { person: session.person.name },
        outcome: "succeeded",
        detail: { before: { roles: before.roles }, after: { roles } },
      });
    }
    return roles;
  });
}

async function ask(
  { db, now, log }: RefreshDeps,
  settings: AccessSettings,
  provider: Pick<OidcProvider, "refresh" | "userinfo">,
  session: LiveSession,
  refreshToken: string,
  keep: (tokens: ProviderTokens) => Promise<void>,
) {
  try {
    const result = await provider.refresh(refreshToken);
    if (result.state === "refused") return "refused";
    const { claims, accessToken, idToken, refreshToken: next } = result;
    if (claims.sub !== undefined && claims.sub !== session.person.subject) return "refused";
    await keep({ ...(idToken ? { idToken } : {}), refreshToken: next });
    const asked = { ...claims, sub: session.person.subject };
    const groups = await readGroups(provider, asked, accessToken, settings.groupsClaim);
    if (groups === "refused") return "refused";
    return { groups };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn(
      { person: session.person.id, reason: error.message },
      "groups could not be read again; the known roles hold until the session runs out",
    );
    await db
      .update(sessions)
      .set({ rolesStaleSince: now() })
      .where(and(eq(sessions.id, session.id), isNull(sessions.rolesStaleSince)));
    return "unanswered";
  }
}
