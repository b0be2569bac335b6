import { sql } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import type { Health } from "#domain/connectors/health.ts";

const tasks = observedConnectors.tasks;
const countOf = (state: string) =>
  sql`(select count(*) from jsonb_array_elements(${tasks}) task where task->>'state' = ${sql.raw(`'${state}'`)})`;

/** `connectorHealth` of the domain, for filtering and sorting thousands of rows; a test holds the two together. */
export const healthSql = sql<Health>`case
  when ${observedConnectors.state} = 'DESTROYED' then 'unknown'
  when ${observedConnectors.state} = 'STOPPED' then 'stopped'
  when ${observedConnectors.state} = 'FAILED' then 'failed'
  when ${countOf("FAILED")} > 0 and ${countOf("FAILED")} = jsonb_array_length(${tasks}) then 'failed'
  when ${countOf("FAILED")} > 0 then 'degraded'
  when ${observedConnectors.state} = 'PAUSED' then 'paused'
  when ${observedConnectors.state} = 'RUNNING' and jsonb_array_length(${tasks}) > 0
    and ${countOf("RUNNING")} = jsonb_array_length(${tasks}) then 'healthy'
  else 'starting' end`;

/** Worst first: what a person should look at stands on top. */
export const severitySql = sql<number>`array_position(
  array['failed', 'degraded', 'unknown', 'starting', 'paused', 'stopped', 'healthy'], ${healthSql})`;
