import type { Actor } from "#domain/access/permissions.ts";
import { findSession, touchSession } from "#server/access/find-session.ts";
import { refreshRoles } from "#server/access/refresh-roles.ts";
import { stateDatabaseOutage } from "../state-database-outage.ts";
import type { AuthParts } from "./auth-parts.ts";
import { readCookies } from "./cookies.ts";

export interface SignedIn {
  actor: Actor;
  sessionId: string;
}

/** Cookie → session → actor; undefined when nobody is signed in. Roles are read again here when they are due. */
export async function findSignedIn(
  { deps, settings, provider, cookies }: AuthParts,
  headers: Headers,
): Promise<SignedIn | undefined> {
  const token = readCookies(headers.get("cookie"))[cookies.session];
  if (!token) return undefined;
  try {
    const session = await findSession(deps, token);
    if (!session) return undefined;
    await touchSession(deps, settings, session);
    const roles = provider
      ? await refreshRoles(deps, settings, provider, session, token)
      : session.person.roles;
    if (!roles) return undefined;
    const { id, name } = session.person;
    return { actor: { id, name, roles, via: "browser" }, sessionId: session.id };
  } catch (error) {
    throw stateDatabaseOutage(error) ?? error;
  }
}
