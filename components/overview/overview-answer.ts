import type { Status } from "#components/ui/status-badge.tsx";
import type { Health } from "#domain/connectors/health.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

export interface OverviewFacts {
  total: number;
  byHealth: Partial<Record<Health, number>>;
  /** Upstreams that do not answer, in words: "Kafka Connect of eu-prod". */
  silent: readonly string[];
  /** Upstreams that answer but cannot do their work, in words: "Vault of eu-prod is sealed". */
  ailing: readonly string[];
  /** Clusters whose Kafka Connect nobody has looked at for a while: what is shown of them is old. */
  unwatched: readonly string[];
  clusters: number;
  /** Failed or degraded, for reasons of their connectors or of their own (lag, a held table); undefined: could not be read. */
  brokenPipelines: number | undefined;
}

export interface OverviewAnswer {
  status: Status;
  text: string;
}

/** Is anything broken? In one sentence, worst first; silence of an upstream is never called fine. */
export function overviewAnswer({
  total,
  byHealth,
  silent,
  ailing,
  unwatched,
  clusters,
  brokenPipelines,
}: OverviewFacts): OverviewAnswer {
  const failed = byHealth.failed ?? 0;
  const degraded = byHealth.degraded ?? 0;
  const held = (byHealth.paused ?? 0) + (byHealth.stopped ?? 0);
  const unknown = byHealth.unknown ?? 0;
  const broken = [
    failed > 0 ? `${formatCount(failed)} of ${formatCounted(total, "connector")} failed` : "",
    degraded > 0 ? `${formatCount(degraded)} degraded` : "",
  ].filter((part) => part !== "");
  const quiet =
    silent.length > 0 ? `${listWords(silent)} ${silent.length === 1 ? "does" : "do"} not answer` : "";
  const blind = unwatched.length > 0 ? `nobody watches ${listWords(unwatched)} now` : "";
  if (broken.length > 0)
    return {
      status: failed > 0 ? "failed" : "degraded",
      text: `${[...broken, quiet, ...ailing, blind].filter((part) => part !== "").join("; ")}.`,
    };
  if (blind)
    return {
      status: "unknown",
      text: `${blind.charAt(0).toUpperCase()}${blind.slice(1)}; connectors are shown as they were last seen.`,
    };
  if (brokenPipelines !== undefined && brokenPipelines > 0) {
    const one = brokenPipelines === 1;
    return {
      status: "degraded",
      text: `Every connector runs, but ${formatCounted(brokenPipelines, "pipeline")} ${one ? "does" : "do"} not deliver as ${one ? "it" : "they"} should.`,
    };
  }
  if (quiet) return { status: "degraded", text: `${quiet}; connectors are shown as they were last seen.` };
  if (total === 0)
    return {
      status: "unknown",
      text: `No connectors yet on ${formatCounted(clusters, "cluster")}.`,
    };
  const heldWords = held > 0 ? `, ${formatCount(held)} held on purpose` : "";
  const run = `${formatCount(total - held - unknown)} of ${formatCounted(total, "connector")} run${heldWords}`;
  if (ailing.length > 0) return { status: "degraded", text: `${ailing.join("; ")}; ${run}.` };
  if (unknown > 0)
    return {
      status: "unknown",
      text: `Nothing is known to be broken, but ${formatCounted(unknown, "connector")} could not be judged.`,
    };
  if (brokenPipelines === undefined)
    return { status: "unknown", text: `${run}; what their pipelines deliver is not known yet.` };
  return { status: "healthy", text: `Nothing is broken: ${run}.` };
}

function listWords(words: readonly string[]): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
