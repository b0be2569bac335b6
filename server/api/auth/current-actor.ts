import "server-only";
import type { Actor } from "#domain/access/permissions.ts";
import { findSignedIn, type SignedIn } from "./find-signed-in.ts";
import { webAuth } from "./web-auth.ts";

/** Who asks, and with which session; undefined when nobody is signed in. */
export function currentSession(headers: Headers): Promise<SignedIn | undefined> {
  return findSignedIn(webAuth(), headers);
}

/** Who asks; undefined when nobody is signed in. Somebody without a role is an actor with none. */
export async function currentActor(headers: Headers): Promise<Actor | undefined> {
  return (await currentSession(headers))?.actor;
}
