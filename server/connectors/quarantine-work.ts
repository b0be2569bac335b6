import { and, desc, eq, isNull, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { auditEntries } from "#db/schema/audit.ts";
import { diffConfig } from "#domain/connectors/config-diff.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import {
  type QuarantineWork,
  quarantinedBy,
  SET_ASIDE_ACTION,
  TAKE_OFF_ACTION,
} from "#domain/dead-letters/quarantine-list.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";

export interface Quarantine extends QuarantineWork {
  /** Records on the list of the live configuration. */
  listed: string[];
  /** The plan that put the newest of them there; null: none of this Headgate's plans did. */
  planId: string | null;
}

/**
 * What of the differences between a version and the live configuration is the quarantine's work, as the audit trail knows
 * it. An act whose outcome is open counts too: only what is live is looked at.
 */
export async function quarantineOf(
  db: Db,
  { cluster, name }: ConnectorRef,
  live: ConnectorConfig,
  version: { config: ConnectorConfig; at: Date } | undefined,
): Promise<Quarantine> {
  const listed = quarantinedBy(live).map(positionText);
  const changed = Object.fromEntries(
    (version ? diffConfig(version.config, live) : []).map(({ key }) => [key, live[key] ?? null]),
  );
  const [written, acts] = await Promise.all([
    version && Object.keys(changed).length > 0
      ? db.execute<{ key: string }>(
          sql`select key, value from jsonb_each_text(${JSON.stringify(changed)}::jsonb) intersect ${quarantineWrites(
            {
              cluster: sql`${cluster}::text`,
              name: sql`${name}::text`,
              since: sql`${version.at}::timestamptz`,
            },
          )}`,
        )
      : undefined,
    listed.length > 0
      ? db
          .select({
            planId: sql<string | null>`${auditEntries.subject}->>'plan'`,
            records: sql<string[]>`${auditEntries.detail}->'records'`,
          })
          .from(auditEntries)
          .where(
            and(
              eq(auditEntries.action, SET_ASIDE_ACTION),
              isNull(auditEntries.intentSeq),
              sql`${auditEntries.subject} @> ${JSON.stringify({ cluster, connector: name })}::jsonb`,
              sql`${auditEntries.detail}->'records' ?| ${sql.param(listed)}::text[]`,
            ),
          )
          .orderBy(desc(auditEntries.seq))
      : [],
  ]);
  return {
    keys: new Set(written?.rows.map(({ key }) => key)),
    records: new Set(acts.flatMap(({ records }) => records)),
    listed,
    planId: acts[0]?.planId ?? null,
  };
}

/** Each key of a connector with a value that a quarantine gave it since that moment; a null value: it removed the key. */
export function quarantineWrites({
  cluster,
  name,
  since,
}: Record<"cluster" | "name" | "since", SQLWrapper>): SQL {
  return sql`select patch.key, patch.value
    from ${auditEntries} cross join jsonb_each_text(${auditEntries.detail}->'patch') as patch(key, value)
    where ${auditEntries.action} in (${SET_ASIDE_ACTION}, ${TAKE_OFF_ACTION})
      and ${auditEntries.intentSeq} is null
      and ${auditEntries.subject} @> jsonb_build_object('cluster', ${cluster}, 'connector', ${name})
      and ${auditEntries.at} >= ${since}`;
}
