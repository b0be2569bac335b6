import {
  type Actor,
  hasPermission,
  PERMISSIONS,
  type Permission,
  type Role,
  rolesWith,
} from "#domain/access/permissions.ts";
import type { Viewer } from "./viewer.tsx";

/** Called on the server; brings the role table along so that the browser does not load it. */
export function viewerOf(actor: Actor): Viewer {
  const rolesByPermission: Partial<Record<Permission, Role[]>> = {};
  for (const permission of PERMISSIONS) rolesByPermission[permission] = rolesWith(permission);
  return {
    id: actor.id,
    name: actor.name,
    roles: actor.roles,
    permissions: PERMISSIONS.filter((permission) => hasPermission(actor, permission)),
    rolesByPermission,
  };
}
