import type { Route } from "next";
import type { CredentialRef } from "#domain/credentials/schema.ts";

/** The panel's key in the URL; references are no secrets. */
export function credentialParam({ cluster, reader, reference }: CredentialRef): string {
  return `${cluster} ${reader} ${reference}`;
}

export function readCredentialParam(param: string): CredentialRef | undefined {
  const [cluster, reader, reference, ...more] = param.split(" ");
  if (!cluster || !reference || more.length > 0) return undefined;
  if (reader !== "connector" && reader !== "headgate") return undefined;
  return { cluster, reader, reference };
}

export function credentialPath(ref: CredentialRef): Route {
  return `/credentials?credential=${encodeURIComponent(credentialParam(ref))}` as Route;
}
