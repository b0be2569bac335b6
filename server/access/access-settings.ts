import type { MappedGroup } from "#domain/access/role-mapping.ts";

/** Limits and rules of sessions, from the environment. */
export interface AccessSettings {
  /** Seals what the provider gave; from the secret file, never from the database. */
  secret: string;
  idleMs: number;
  maxMs: number;
  /** How often groups are read again. */
  rolesEveryMs: number;
  groupsClaim: string;
  mapping: readonly MappedGroup[];
}
