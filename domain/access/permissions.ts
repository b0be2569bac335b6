import { z } from "zod";
import { AppError } from "../errors/app-error.ts";

export const Role = z.enum(["viewer", "analyst", "operator", "engineer", "security", "admin"]);
export type Role = z.infer<typeof Role>;

export const PERMISSIONS = [
  "console:view",
  "databases:register",
  "credentials:view",
  "connectors:operate",
  "connectors:configure",
  "plans:propose",
  "plans:approve",
  "dead-letters:repair",
  "dead-letters:reveal",
  "reconciliation:run",
  "reconciliation:repair",
  "reconciliation:configure",
  "rows:reveal",
  "audit:view",
  "audit:export",
  "access:manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const everyone: readonly Permission[] = ["console:view"];
const operate: readonly Permission[] = [
  ...everyone,
  "connectors:operate",
  "plans:propose",
  "dead-letters:repair",
  "reconciliation:run",
  "reconciliation:repair",
  "credentials:view",
  "audit:view",
];
const configure: readonly Permission[] = [
  ...operate,
  "connectors:configure",
  "databases:register",
  "plans:approve",
  "dead-letters:reveal",
  "rows:reveal",
  "reconciliation:configure",
];

export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  viewer: everyone,
  analyst: [...everyone, "reconciliation:run"],
  operator: operate,
  engineer: configure,
  security: [...everyone, "credentials:view", "audit:view", "audit:export"],
  admin: PERMISSIONS,
};

/** Who asks. A job acts as `system:<job>` with the roles its registration grants. */
export const Actor = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(Role),
  /** Where the request came from, for the audit trail. */
  via: z.enum(["browser", "api", "worker"]),
});
export type Actor = z.infer<typeof Actor>;

export function hasPermission(actor: Pick<Actor, "roles">, permission: Permission): boolean {
  return actor.roles.some((role) => ROLE_PERMISSIONS[role].includes(permission));
}

export function rolesWith(permission: Permission): Role[] {
  return Role.options.filter((role) => ROLE_PERMISSIONS[role].includes(permission));
}

/** First line of every verb. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (hasPermission(actor, permission)) return;
  const who = rolesWith(permission).join(", ");
  throw new AppError("forbidden", `This needs the permission ${permission}, which these roles have: ${who}`);
}
