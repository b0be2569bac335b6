import { and, isNull, sql } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { observedConnectors } from "#db/schema/observed.ts";
import {
  type CredentialReference,
  formatReference,
  parseReference,
  referencesIn,
} from "#domain/credentials/reference.ts";
import type { Reader } from "#domain/credentials/reference-check.ts";
import type { CredentialUse } from "#domain/credentials/schema.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckKey, checkKeyText } from "./stored-checks.ts";

/** One reference with everything that uses it. */
export interface UsedReference extends CheckKey {
  parsed: CredentialReference;
  uses: CredentialUse[];
}

const DATABASE_FIELDS = [
  ["connectorUserRef", "connector"],
  ["connectorPasswordRef", "connector"],
  ["readonlyUserRef", "headgate"],
  ["readonlyPasswordRef", "headgate"],
  ["changeUserRef", "headgate"],
  ["changePasswordRef", "headgate"],
] as const satisfies readonly (readonly [keyof typeof databases.$inferSelect, Reader])[];

/** Every reference in use: by registered databases, and by connectors as last observed. */
export async function readUses({ db, config }: Pick<Deps, "db" | "config">): Promise<UsedReference[]> {
  const found = new Map<string, UsedReference>();
  const add = (cluster: string, parsed: CredentialReference, reader: Reader, use: CredentialUse) => {
    const key = { cluster, reference: formatReference(parsed), reader };
    const known = found.get(checkKeyText(key));
    if (known) known.uses.push(use);
    else found.set(checkKeyText(key), { ...key, parsed, uses: [use] });
  };

  for (const row of await db.select().from(databases).orderBy(databases.name)) {
    for (const [field, reader] of DATABASE_FIELDS) {
      const parsed = parseReference(row[field] ?? "");
      if (parsed.ok)
        add(row.cluster, parsed.reference, reader, { kind: "database", id: row.id, name: row.name, field });
    }
  }
  const providers = new Map(config.clusters.map(({ name, configProvider }) => [name, configProvider]));
  for (const { cluster, name, field, value } of await readConnectorValues(db)) {
    for (const parsed of referencesIn(value, providers.get(cluster) ?? "vault")) {
      add(cluster, parsed, "connector", { kind: "connector", cluster, name, field });
    }
  }
  return [...found.values()];
}

/** Only values that hold a reference leave PostgreSQL, whatever the number of connectors. */
function readConnectorValues(db: Deps["db"]) {
  return db
    .select({
      cluster: observedConnectors.cluster,
      name: observedConnectors.name,
      field: sql<string>`entry.key`,
      value: sql<string>`entry.value`,
    })
    .from(observedConnectors)
    .crossJoinLateral(sql`jsonb_each_text(${observedConnectors.config}) as entry`)
    .where(and(isNull(observedConnectors.removedAt), sql`entry.value like '%\${%:%}%'`))
    .orderBy(observedConnectors.cluster, observedConnectors.name);
}
