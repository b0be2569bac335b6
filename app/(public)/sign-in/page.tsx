import type { Metadata, Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SignInPanel } from "#components/access/sign-in-panel.tsx";
import { safeReturnPath } from "#domain/access/return-path.ts";
import { currentActor } from "#server/api/auth/current-actor.ts";
import { signInState } from "#server/api/auth/routes.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { problem, returnTo, signedOut } = await searchParams;
  const path = safeReturnPath(only(returnTo));
  // A database that does not answer is no reason to hide the page that says so.
  const actor = await currentActor(await headers()).catch(() => undefined);
  if (actor) redirect(path as Route);
  return (
    <SignInPanel
      state={await signInState()}
      problem={only(problem)}
      returnTo={path}
      signedOut={signedOut !== undefined}
    />
  );
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
