import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type Leftover, leftoversOf } from "#domain/connectors/leftovers.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { listOthers } from "./rule-context.ts";

/** What deleting this connector would leave behind, with what keeping or removing each means. */
export async function listLeftovers(
  deps: Pick<Deps, "db" | "connect" | "topicAdmin" | "limits">,
  actor: Actor,
  ref: ConnectorRef,
): Promise<Leftover[]> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "connectors.leftovers");
  const connect = deps.connect(ref.cluster);
  const [config, usedTopics, others, topics] = await Promise.all([
    connect.config(ref.name),
    // Topic tracking can be switched off on the workers; what the configuration names is known all the same.
    connect.topics(ref.name).catch(noneWhenUntracked),
    listOthers(deps, ref),
    deps.topicAdmin(ref.cluster).list(),
  ]);
  const existing = new Set(topics);
  const here = others.filter((other) => other.cluster === ref.cluster);
  return leftoversOf(config, { name: ref.name, others: here, usedTopics }).filter(
    (leftover) => !leftover.kind.endsWith("topic") || existing.has(leftover.name),
  );
}

function noneWhenUntracked(error: unknown): string[] {
  if (error instanceof AppError && error.code === "upstream_rejected") return [];
  throw error;
}
