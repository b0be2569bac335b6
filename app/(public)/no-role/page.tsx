import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { NoRolePanel } from "#components/access/no-role-panel.tsx";
import { currentActor } from "#server/api/auth/current-actor.ts";
import { accessContact } from "#server/api/auth/routes.ts";

export const metadata: Metadata = { title: "No role" };

export default async function NoRolePage() {
  const actor = await currentActor(await headers());
  if (!actor) redirect("/sign-in");
  if (actor.roles.length > 0) redirect("/");
  return <NoRolePanel name={actor.name} contact={accessContact()} />;
}
