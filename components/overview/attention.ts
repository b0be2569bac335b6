import type { Route } from "next";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { DEAD_LETTERS, groupPath } from "#components/dead-letters/dead-letter-paths.ts";
import { pipelinePath } from "#components/pipelines/pipeline-path.ts";
import { reconciliationPath } from "#components/reconciliation/reconciliation-paths.ts";
import type { Status } from "#components/ui/status-badge.tsx";
import type { Health } from "#domain/connectors/health.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { Upstream, UpstreamCondition } from "#domain/observability/upstream.ts";
import { UPSTREAM_NAME } from "#domain/observability/upstream-name.ts";

/** One thing that will not mend itself. */
export interface AttentionItem {
  key: string;
  status: Status;
  /** "pipeline", "connector", "Vault"… */
  kind: string;
  /** The field's own name of the thing, or a count of things. */
  title: string;
  words: string;
  href: Route | undefined;
  since: Date | undefined;
}

export interface AttentionFacts {
  clusters: readonly {
    name: string;
    upstreams: readonly {
      upstream: Upstream;
      state: UpstreamCondition;
      message: string | null;
      since: Date | null;
    }[];
  }[];
  pipelines: readonly {
    cluster: string;
    source: string;
    status: Status;
    words: string;
    waitingSince: Date | null;
  }[];
  connectors: readonly {
    cluster: string;
    name: string;
    health: Health;
    tasks: { total: number; failed: number };
    pipelines: readonly string[];
    since: Date;
  }[];
  secretsInTheOpen: number;
  runsThatNeedAttention: number;
  plansToDecide: number;
  deadLetters: number;
  /** Very many dead letters from one fault, going on now. */
  floods: readonly { group: number; table: string; text: string }[];
  /** Tables with rows that differ from their source and nothing explains it. */
  driftingTables: number;
}

const UPSTREAM_STATUS: Record<UpstreamCondition, Status> = {
  up: "healthy",
  degraded: "degraded",
  down: "failed",
  sealed: "failed",
  unknown: "unknown",
};

export function upstreamStatus(state: UpstreamCondition): Status {
  return UPSTREAM_STATUS[state];
}

const SEVERITY: readonly Status[] = ["failed", "degraded", "held", "unknown", "working", "healthy"];

/** Everything a person should look at, worst first. A broken connector whose pipeline is listed is said once, there. */
export function attentionItems(facts: AttentionFacts): AttentionItem[] {
  const items = [
    ...facts.clusters.flatMap(upstreamItems),
    ...facts.pipelines.map(pipelineItem),
    ...facts.connectors.filter((connector) => !isToldByPipeline(connector, facts)).map(connectorItem),
    ...facts.floods.map(floodItem),
    ...countItems(facts),
  ];
  return items.sort((a, b) => SEVERITY.indexOf(a.status) - SEVERITY.indexOf(b.status));
}

function upstreamItems({ name, upstreams }: AttentionFacts["clusters"][number]): AttentionItem[] {
  // What nobody has looked at is said once, by the answer of the page.
  return upstreams
    .filter(({ state }) => state !== "up" && state !== "unknown")
    .map(({ upstream, state, message, since }) => ({
      key: `upstream/${name}/${upstream}`,
      status: upstreamStatus(state),
      kind: UPSTREAM_NAME[upstream],
      title: name,
      words: message ?? `${UPSTREAM_NAME[upstream]} is ${state}`,
      href: undefined,
      since: since ?? undefined,
    }));
}

function pipelineItem(pipeline: AttentionFacts["pipelines"][number]): AttentionItem {
  return {
    key: `pipeline/${pipeline.cluster}/${pipeline.source}`,
    status: pipeline.status,
    kind: "pipeline",
    title: pipeline.source,
    words: pipeline.words,
    href: pipelinePath(pipeline),
    since: pipeline.waitingSince ?? undefined,
  };
}

function isToldByPipeline(
  connector: AttentionFacts["connectors"][number],
  { pipelines }: AttentionFacts,
): boolean {
  return pipelines.some(
    ({ cluster, source, words }) =>
      cluster === connector.cluster && connector.pipelines.includes(source) && words.includes(connector.name),
  );
}

function connectorItem(connector: AttentionFacts["connectors"][number]): AttentionItem {
  const { tasks, health } = connector;
  return {
    key: `connector/${connector.cluster}/${connector.name}`,
    status: health === "failed" ? "failed" : "degraded",
    kind: "connector",
    title: connector.name,
    words:
      tasks.total === 0
        ? `The connector ${health}.`
        : `${formatCount(tasks.failed)} of ${formatCounted(tasks.total, "task")} failed.`,
    href: connectorPath(connector),
    since: connector.since,
  };
}

function floodItem({ group, table, text }: AttentionFacts["floods"][number]): AttentionItem {
  return {
    key: `flood/${group}`,
    status: "failed",
    kind: "dead letters",
    title: table,
    words: `${text}. Pause the sink first.`,
    href: groupPath(group),
    since: undefined,
  };
}

function countItems(facts: AttentionFacts): AttentionItem[] {
  const items: AttentionItem[] = [];
  const { runsThatNeedAttention, plansToDecide, secretsInTheOpen, deadLetters, driftingTables } = facts;
  if (runsThatNeedAttention > 0)
    items.push({
      key: "runs",
      status: "failed",
      kind: "activity",
      title: formatCounted(runsThatNeedAttention, "run"),
      words: "Stopped where only a person can say how to go on.",
      href: "/activity?q=state:needs_attention",
      since: undefined,
    });
  if (secretsInTheOpen > 0)
    items.push({
      key: "secrets",
      status: "degraded",
      kind: "secrets",
      title: formatCounted(secretsInTheOpen, "connector"),
      words: "A secret stands in the configuration in the open; it belongs in Vault.",
      href: "/connectors?q=secrets:yes",
      since: undefined,
    });
  if (driftingTables > 0)
    items.push({
      key: "drift",
      status: "failed",
      kind: "reconciliation",
      title: formatCounted(driftingTables, "table"),
      words: "Rows differ from the source and nothing explains it; each can be read again or decided.",
      href: reconciliationPath({ filter: "state:drift_unexplained" }),
      since: undefined,
    });
  if (deadLetters > 0)
    items.push({
      key: "dead-letters",
      status: "degraded",
      kind: "dead letters",
      title: formatCounted(deadLetters, "record"),
      words: "Not written to the target; each waits for a replay or a decision.",
      href: DEAD_LETTERS,
      since: undefined,
    });
  if (plansToDecide > 0)
    items.push({
      key: "plans",
      status: "held",
      kind: "activity",
      title: formatCounted(plansToDecide, "plan"),
      words: "Waits for a person to approve or start it.",
      href: "/activity?q=state:proposed state:approved",
      since: undefined,
    });
  return items;
}
