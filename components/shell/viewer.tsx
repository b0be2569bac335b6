"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Permission, Role } from "#domain/access/permissions.ts";

/** Who looks, with the role table worked out on the server, so that the browser needs no rules. */
export interface Viewer {
  id: string;
  name: string;
  roles: readonly Role[];
  permissions: readonly Permission[];
  rolesByPermission: Readonly<Partial<Record<Permission, readonly Role[]>>>;
}

const ViewerContext = createContext<Viewer | undefined>(undefined);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("useViewer needs the console's layout around it");
  return viewer;
}

export interface PermissionAnswer {
  allowed: boolean;
  /** Names the roles that can; undefined when allowed. */
  reason: string | undefined;
}

/** For showing, not for guarding: the verb checks again. */
export function usePermission(permission: Permission): PermissionAnswer {
  const viewer = useViewer();
  if (viewer.permissions.includes(permission)) return { allowed: true, reason: undefined };
  const who = viewer.rolesByPermission[permission]?.join(", ") ?? "admin";
  return { allowed: false, reason: `Needs one of these roles: ${who}` };
}
