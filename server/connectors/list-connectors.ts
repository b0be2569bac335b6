import { and, asc, desc, eq, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import { connectorVersions } from "#db/schema/connectors.ts";
import { observedConnectors } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Health } from "#domain/connectors/health.ts";
import { CONNECTOR_FILTER } from "#domain/connectors/list-filter.ts";
import { listOf } from "#domain/connectors/produced-topics.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { healthSql, severitySql } from "./observed-health.ts";
import { quarantineWrites } from "./quarantine-work.ts";

export interface ConnectorRow {
  cluster: string;
  name: string;
  type: "source" | "sink" | "unknown";
  plugin: string;
  pluginVersion: string | null;
  health: Health;
  tasks: { total: number; failed: number; running: number };
  /** Names of the pipelines' sources: itself for a source, those it drains for a sink. */
  pipelines: string[];
  /** Latest version made or adopted through Headgate. */
  version: number | null;
  /** The live configuration differs from that version, by more than what a quarantine changed. */
  isChangedOutside: boolean;
  hasPlaintextSecret: boolean;
  /** Since when it is in this state. */
  since: Date;
  seenAt: Date;
}

/** Connectors of all clusters as last observed, filtered and sorted by PostgreSQL. */
export async function listConnectors(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  input: ListInput,
): Promise<ListPage<ConnectorRow>> {
  requirePermission(actor, "console:view");
  const latest = db
    .select({
      version: connectorVersions.version,
      origin: connectorVersions.origin,
      config: connectorVersions.config,
      at: connectorVersions.at,
    })
    .from(connectorVersions)
    .where(
      and(
        eq(connectorVersions.cluster, observedConnectors.cluster),
        eq(connectorVersions.name, observedConnectors.name),
      ),
    )
    .orderBy(desc(connectorVersions.version))
    .limit(1)
    .as("latest");
  const isManaged = sql<boolean>`(${latest.version} is not null and ${latest.origin} <> 'deleted')`;
  const isChangedOutside = sql<boolean>`(${isManaged} and (${observedConnectors.config} - 'name') <> ${latest.config}
    and exists (select key, live.value from jsonb_each_text(${observedConnectors.config} - 'name') as live(key, value)
      full join jsonb_each_text(${latest.config}) as given(key, value) using (key)
      where live.value is distinct from given.value
      except ${quarantineWrites({
        cluster: observedConnectors.cluster,
        name: observedConnectors.name,
        since: latest.at,
      })}))`;
  const where = and(
    isNull(observedConnectors.removedAt),
    ...conditions(input.filter, { isManaged, isChangedOutside, now: now() }),
  );
  const [rows, [counted], sources] = await Promise.all([
    db
      .select({
        cluster: observedConnectors.cluster,
        name: observedConnectors.name,
        type: observedConnectors.type,
        plugin: observedConnectors.plugin,
        pluginVersion: observedConnectors.pluginVersion,
        health: healthSql,
        taskStates: sql<string[]>`jsonb_path_query_array(${observedConnectors.tasks}, '$[*].state')`,
        prefix: sql<string | null>`${observedConnectors.config}->>'topic.prefix'`,
        topics: sql<string | null>`${observedConnectors.config}->>'topics'`,
        version: sql<number | null>`case when ${isManaged} then ${latest.version} end`,
        isChangedOutside,
        hasPlaintextSecret: sql<boolean>`cardinality(${observedConnectors.plaintextSecretKeys}) > 0`,
        since: observedConnectors.stateChangedAt,
        seenAt: observedConnectors.seenAt,
      })
      .from(observedConnectors)
      .leftJoinLateral(latest, sql`true`)
      .where(where)
      .orderBy(...orderBy(input.sort))
      .limit(input.pageSize)
      .offset((input.page - 1) * input.pageSize),
    db
      .select({ total: sql<number>`count(*)::int` })
      .from(observedConnectors)
      .leftJoinLateral(latest, sql`true`)
      .where(where),
    listSources(db),
  ]);
  return {
    total: counted?.total ?? 0,
    rows: rows.map(({ taskStates, prefix, topics, ...row }) => ({
      ...row,
      tasks: {
        total: taskStates.length,
        failed: taskStates.filter((state) => state === "FAILED").length,
        running: taskStates.filter((state) => state === "RUNNING").length,
      },
      pipelines: prefix !== null ? [row.name] : pipelinesOf(row.cluster, listOf(topics ?? ""), sources),
    })),
  };
}

type SourcePrefix = { cluster: string; name: string; prefix: string };

async function listSources(db: Deps["db"]): Promise<SourcePrefix[]> {
  const prefix = sql<string>`${observedConnectors.config}->>'topic.prefix'`;
  return db
    .select({ cluster: observedConnectors.cluster, name: observedConnectors.name, prefix })
    .from(observedConnectors)
    .where(and(isNull(observedConnectors.removedAt), sql`${prefix} is not null`));
}

/** A topic belongs to the source with the longest prefix of its name: prefixes may hold dots themselves. */
function pipelinesOf(cluster: string, topics: readonly string[], sources: readonly SourcePrefix[]): string[] {
  const here = new Map(
    sources.filter((source) => source.cluster === cluster).map((source) => [source.prefix, source.name]),
  );
  const names = new Set<string>();
  for (const topic of topics) {
    const parts = topic.split(".");
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const name = here.get(parts.slice(0, length).join("."));
      if (name === undefined) continue;
      names.add(name);
      break;
    }
  }
  return [...names].sort();
}

interface Judgements {
  isManaged: SQL;
  isChangedOutside: SQL;
  now: Date;
}

function conditions(filter: string, judgements: Judgements): (SQL | undefined)[] {
  const { tokens, text } = parseFilter(filter, CONNECTOR_FILTER);
  const words = text.split(/\s+/).filter((word) => word !== "");
  const chosen = Map.groupBy(tokens, (token) => `${token.key}/${token.negated}`);
  return [
    ...words.map((word) =>
      or(contains(observedConnectors.name, word), contains(observedConnectors.plugin, word)),
    ),
    // `state:failed state:degraded` means either; different keys have to hold together.
    ...[...chosen.values()].map((same) => {
      const [first] = same;
      const parts = same.map((token) => conditionOf(token, judgements));
      return first?.negated || first?.key === "since" ? and(...parts) : or(...parts);
    }),
  ];
}

function conditionOf(token: FilterToken, { isManaged, isChangedOutside, now }: Judgements): SQL {
  const yes = token.value === "yes";
  const holds = (condition: SQL) => (token.negated ? sql`not coalesce(${condition}, false)` : condition);
  switch (token.key) {
    case "state":
      return holds(sql`${healthSql} = ${token.value}`);
    case "type":
      return holds(eq(observedConnectors.type, token.value === "source" ? "source" : "sink"));
    case "cluster":
      return holds(eq(observedConnectors.cluster, token.value));
    case "plugin":
      return holds(contains(observedConnectors.plugin, token.value));
    case "pipeline":
      return holds(inPipeline(token.value));
    case "changed-outside":
      return holds(sql`coalesce(${isChangedOutside}, false) = ${yes}`);
    case "managed":
      return holds(sql`${isManaged} = ${yes}`);
    case "secrets":
      return holds(sql`(cardinality(${observedConnectors.plaintextSecretKeys}) > 0) = ${yes}`);
    default: {
      // An age of more than an hour is a moment before one hour ago.
      const moment = new Date(now.getTime() - (token.amount ?? 0));
      const compared = { "=": ">=", ">": "<", ">=": "<=", "<": ">", "<=": ">=" }[token.comparison];
      return holds(sql`${observedConnectors.stateChangedAt} ${sql.raw(compared)} ${moment}`);
    }
  }
}

function contains(
  column: typeof observedConnectors.name | typeof observedConnectors.plugin,
  word: string,
): SQL {
  return ilike(column, `%${word.replace(/[\\%_]/g, "\\$&")}%`);
}

/** The source of that name, and the sinks that read a topic under its prefix. */
function inPipeline(source: string): SQL {
  const prefix = sql`(select config->>'topic.prefix' from observed_connectors s
    where s.cluster = ${observedConnectors.cluster} and s.name = ${source} and s.removed_at is null)`;
  return sql`(${observedConnectors.name} = ${source} or exists (
    select 1 from regexp_split_to_table(${observedConnectors.config}->>'topics', '\\s*,\\s*') topic
    where starts_with(topic, ${prefix} || '.')))`;
}

function orderBy(sort: string): SQL[] {
  const isDown = sort.startsWith("-");
  const column = SORTABLE[sort.replace(/^-/, "")];
  const tail = [asc(observedConnectors.name), asc(observedConnectors.cluster)];
  if (!column) return [asc(severitySql), ...tail];
  return [isDown ? desc(column) : asc(column), ...tail];
}

const SORTABLE: Record<string, SQL | typeof observedConnectors.name> = {
  name: observedConnectors.name,
  cluster: sql`${observedConnectors.cluster}`,
  type: sql`${observedConnectors.type}`,
  plugin: sql`${observedConnectors.plugin}`,
  state: severitySql,
  tasks: sql`jsonb_array_length(${observedConnectors.tasks})`,
  since: sql`${observedConnectors.stateChangedAt}`,
};
