import { Role } from "./permissions.ts";

/** One `group=role` of OIDC_ROLE_MAPPING. */
export interface MappedGroup {
  group: string;
  role: Role;
}

/** Reads `group=role,group=role`. A comma inside a group's name is written `\,`; the last `=` separates. */
export function parseRoleMapping(text: string): { mapping: MappedGroup[]; problems: string[] } {
  const mapping: MappedGroup[] = [];
  const problems: string[] = [];
  for (const part of text.split(/(?<!\\),/)) {
    const pair = part.trim().replaceAll("\\,", ",");
    if (pair === "") continue;
    const cut = pair.lastIndexOf("=");
    const group = pair.slice(0, Math.max(cut, 0)).trim();
    const role = Role.safeParse(pair.slice(cut + 1).trim());
    if (cut < 1 || group === "") problems.push(`"${pair}" is not group=role`);
    else if (!role.success)
      problems.push(`"${pair}" names no role; the roles are ${Role.options.join(", ")}`);
    else mapping.push({ group, role: role.data });
  }
  if (mapping.length === 0 && problems.length === 0) problems.push("it maps no group to a role");
  return { mapping, problems };
}

/** Roles of somebody in these groups, each once, in the order of the role list. */
export function rolesOfGroups(groups: readonly string[], mapping: readonly MappedGroup[]): Role[] {
  const mine = new Set(groups.map(plainGroup));
  const roles = new Set(mapping.filter(({ group }) => mine.has(plainGroup(group))).map(({ role }) => role));
  return Role.options.filter((role) => roles.has(role));
}

/**
 * Groups in an ID token or a userinfo reply; undefined when the claim is not there at all, which is not the same as no
 * groups. The claim may be nested (`realm_access.roles`), and its value a list or one name.
 */
export function groupsInClaims(claims: Record<string, unknown>, claim: string): string[] | undefined {
  const value = claim in claims ? claims[claim] : nested(claims, claim.split("."));
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value === "" ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === "string");
}

function nested(claims: Record<string, unknown>, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

/** Keycloak writes groups with their path: `/headgate-admins`. */
function plainGroup(group: string): string {
  return group.replace(/^\//, "");
}
