import type { Actor } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";

export interface ApiContext {
  deps: Deps;
  actor: Actor | undefined;
  /** The session the request came with, for people in a browser. */
  sessionId: string | undefined;
  headers: Headers;
}
