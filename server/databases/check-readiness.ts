import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { judgeReadiness, readinessState } from "#domain/databases/readiness.ts";
import type { ReadinessFinding, ReadinessState } from "#domain/databases/readiness-facts.ts";
import type { ReadinessQuery } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { readSourceFacts } from "#server/postgres/read-source-facts.ts";
import { requireDatabase } from "./registered-database.ts";
import { withReadonlyConnection } from "./with-readonly-connection.ts";

export interface Readiness {
  state: ReadinessState;
  findings: ReadinessFinding[];
  checkedAt: Date;
}

/** Is this source ready for a connector, and which statement brings about what is missing? Read with Headgate's own credential. */
export async function checkReadiness(
  deps: Pick<Deps, "db" | "vault" | "readonlyPools" | "limits" | "now">,
  actor: Actor,
  { databaseId, tables, slotName, publicationName }: ReadinessQuery,
): Promise<Readiness> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "databases.readiness");
  const database = await requireDatabase(deps.db, databaseId);
  if (database.role === "target") {
    throw new AppError("invalid", `${database.name} is registered as a target; readiness is about sources`);
  }
  const facts = await withReadonlyConnection(deps, database, (client) =>
    readSourceFacts(client, {
      connectorRole: database.connectorRole,
      slotName,
      publicationName,
      tables: tables ?? [],
    }),
  );
  const findings = judgeReadiness(facts);
  return { state: readinessState(findings), findings, checkedAt: deps.now() };
}
