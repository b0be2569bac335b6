import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { people, sessions } from "#db/schema/access.ts";
import { describeDevice } from "#domain/access/device.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { rolesOfGroups } from "#domain/access/role-mapping.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { AccessSettings } from "./access-settings.ts";
import { hashSessionToken, newSessionToken, type ProviderTokens, sealTokens } from "./session-token.ts";

export interface NewSession {
  issuer: string;
  subject: string;
  name: string;
  email: string | undefined;
  groups: string[];
  oidcSid: string | undefined;
  tokens: ProviderTokens;
  userAgent: string | undefined;
  address: string | undefined;
  /** The cookie this browser came with: that session ends, so that nobody can prepare one for somebody else. */
  replaces: string | undefined;
}

/** Signs somebody in whom the provider has vouched for. Without a role the session opens nothing but the page that says so. */
export async function openSession(
  { db, now, log }: Pick<Deps, "db" | "now" | "log">,
  settings: AccessSettings,
  person: NewSession,
): Promise<{ token: string; expiresAt: Date; actor: Actor }> {
  const at = now();
  const token = newSessionToken();
  const sessionId = randomUUID();
  const roles = rolesOfGroups(person.groups, settings.mapping);
  const expiresAt = new Date(at.getTime() + settings.maxMs);
  const canRefresh = person.tokens.refreshToken !== undefined;
  if (!canRefresh)
    log.warn(
      "the identity provider gives no refresh token: roles stay as they were at sign-in until the session ends",
    );
  const actor = await db.transaction(async (tx) => {
    const facts = {
      name: person.name,
      email: person.email ?? null,
      groups: person.groups,
      roles,
      signedInAt: at,
    };
    const [known] = await tx
      .insert(people)
      .values({ id: randomUUID(), issuer: person.issuer, subject: person.subject, createdAt: at, ...facts })
      .onConflictDoUpdate({ target: [people.issuer, people.subject], set: facts })
      .returning({ id: people.id });
    if (!known) throw new Error("a person was neither stored nor found");
    if (person.replaces !== undefined)
      await tx.delete(sessions).where(eq(sessions.tokenHash, hashSessionToken(person.replaces)));
    await tx.insert(sessions).values({
      id: sessionId,
      tokenHash: hashSessionToken(token),
      personId: known.id,
      oidcSid: person.oidcSid ?? null,
      createdAt: at,
      seenAt: at,
      idleExpiresAt: earlier(new Date(at.getTime() + settings.idleMs), expiresAt),
      expiresAt,
      userAgent: person.userAgent?.slice(0, 500) ?? null,
      address: person.address ?? null,
      rolesDueAt: canRefresh ? new Date(at.getTime() + settings.rolesEveryMs) : expiresAt,
      sealedTokens: sealTokens(person.tokens, { secret: settings.secret, sessionToken: token, sessionId }),
    });
    const signedIn: Actor = { id: known.id, name: person.name, roles, via: "browser" };
    await notifyChange(tx, "access", "sessions");
    await appendAudit(tx, signedIn, {
      action: "access.sign-in",
      subject: { person: person.name },
      outcome: roles.length > 0 ? "succeeded" : "refused",
      detail: {
        device: describeDevice(person.userAgent),
        address: person.address,
        ...(roles.length > 0 ? {} : { refusal: "None of the account's groups has a role here" }),
      },
    });
    return signedIn;
  });
  return { token, expiresAt, actor };
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
