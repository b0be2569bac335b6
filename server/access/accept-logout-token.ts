import { and, eq, type SQL } from "drizzle-orm";
import { z } from "zod";
import { people, sessions, usedLogoutTokens } from "#db/schema/access.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { OidcProvider } from "#server/oidc/provider.ts";
import { closeSessions, PROVIDER_ACTOR } from "./close-sessions.ts";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** A token older than this is refused, and used ones are remembered for longer. */
const MAX_AGE_MS = 10 * 60_000;

const LogoutToken = z
  .object({
    sub: z.string().optional(),
    sid: z.string().optional(),
    iat: z.number(),
    jti: z.string().min(1).max(500),
    events: z.record(z.string(), z.unknown()),
    nonce: z.never({ error: "it has a nonce, so it is an ID token" }).optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, "it names neither a session nor a person")
  .refine(({ events }) => z.object({}).safeParse(events[LOGOUT_EVENT]).success, "it is not about a logout");

/**
 * OpenID Connect back-channel logout: the provider says that somebody signed out elsewhere. Ends the sessions it names and
 * returns how many; a token that is not valid or was used before is `invalid`.
 */
export async function acceptLogoutToken(
  { db, now }: Pick<Deps, "db" | "now">,
  provider: Pick<OidcProvider, "verifyToken" | "issuer">,
  token: string,
): Promise<number> {
  const parsed = LogoutToken.safeParse(await provider.verifyToken(token));
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? "it is not a logout token");
  const { sub, sid, iat, jti } = parsed.data;
  const at = now();
  const age = at.getTime() - iat * 1_000;
  if (age > MAX_AGE_MS || age < -60_000) throw invalid("it was not issued just now");
  return db.transaction(async (tx) => {
    const fresh = await tx
      .insert(usedLogoutTokens)
      .values({ jti, expiresAt: new Date(at.getTime() + 2 * MAX_AGE_MS) })
      .onConflictDoNothing()
      .returning({ jti: usedLogoutTokens.jti });
    if (fresh.length === 0) throw invalid("it was used before");
    const conditions: (SQL | undefined)[] = [
      eq(people.issuer, provider.issuer),
      sub === undefined ? undefined : eq(people.subject, sub),
      sid === undefined ? undefined : eq(sessions.oidcSid, sid),
    ];
    const named = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .innerJoin(people, eq(people.id, sessions.personId))
      .where(and(...conditions));
    return closeSessions(tx, {
      action: "access.end-session",
      actor: PROVIDER_ACTOR,
      sessionIds: named.map(({ id }) => id),
      reason: "Signed out at the identity provider",
    });
  });
}

function invalid(why: string): AppError {
  return new AppError("invalid", `The logout token is not accepted: ${why}`);
}
