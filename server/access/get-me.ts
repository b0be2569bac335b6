import { eq } from "drizzle-orm";
import { people } from "#db/schema/access.ts";
import {
  type Actor,
  hasPermission,
  PERMISSIONS,
  type Permission,
  type Role,
} from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";

export interface Me {
  id: string;
  name: string;
  email: string | undefined;
  roles: Role[];
  permissions: Permission[];
}

/** Who I am here and what I may do. Everybody signed in may know that. */
export async function getMe({ db }: Pick<Deps, "db">, actor: Actor): Promise<Me> {
  const [person] = await db.select({ email: people.email }).from(people).where(eq(people.id, actor.id));
  return {
    id: actor.id,
    name: actor.name,
    email: person?.email ?? undefined,
    roles: actor.roles,
    permissions: PERMISSIONS.filter((permission) => hasPermission(actor, permission)),
  };
}
