import type pg from "pg";
import { type CredentialReference, referenceOf } from "#domain/credentials/reference.ts";
import { ENGINE_NAME } from "#domain/databases/engine.ts";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { Credential } from "#server/postgres/connection.ts";

/**
 * Runs `use` on a read-only connection to a registered database, with Headgate's own credential. Every statement has a
 * deadline; unqualified names mean the system catalogue alone. Only registered databases are ever dialled this way.
 */
export function withReadonlyConnection<T>(
  deps: Pick<Deps, "vault" | "readonlyPools">,
  database: DatabaseAddress & { id: string; version: number },
  use: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  requirePostgres(database);
  const key = `${database.id} ${database.version}`;
  return deps.readonlyPools.withConnection(key, database, () => readReadonlyCredential(deps, database), use);
}

/** The values leave Vault for a connection and nothing else. */
export async function readReadonlyCredential(
  { vault }: Pick<Deps, "vault">,
  database: Pick<DatabaseAddress, "cluster" | "readonlyUserRef" | "readonlyPasswordRef">,
): Promise<Credential> {
  const client = vault(database.cluster);
  if (!client) {
    throw new AppError("precondition_failed", `The cluster ${database.cluster} has no Vault configured`, {
      upstream: "Vault",
    });
  }
  const references: CredentialReference[] = [
    referenceOf(database.readonlyUserRef),
    referenceOf(database.readonlyPasswordRef),
  ];
  const [user = "", password = ""] = await client.readOwn(references);
  return { user, password };
}

export function requirePostgres({ engine }: Pick<DatabaseAddress, "engine">): void {
  if (engine === "postgresql") return;
  throw new AppError("invalid", `This cannot be asked of ${ENGINE_NAME[engine]} yet, only of PostgreSQL`);
}
