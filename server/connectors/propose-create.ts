import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { withoutName } from "#domain/connectors/config-diff.ts";
import { isDebeziumSource } from "#domain/connectors/effects.ts";
import { listOf } from "#domain/connectors/produced-topics.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { ConnectorStep } from "#domain/connectors/steps.ts";
import type { ProposeCreateInput } from "#domain/connectors/version.ts";
import type { Consequence } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { connectorDraft, step } from "./plan-draft.ts";
import { count, warningsOf } from "./plan-words.ts";
import { requireValid } from "./require-valid.ts";
import { planTopics } from "./topic-plan.ts";

/** Freezes the creation of a connector: its missing topics, itself, its first version, and the wait until it runs. */
export async function proposeCreate(
  deps: Deps,
  actor: Actor,
  input: ProposeCreateInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "connectors:configure");
  const { cluster, name, note, initialState = "RUNNING" } = input;
  const config = withoutName(input.config);
  const findings = await requireValid(deps, actor, { cluster, name, config, exists: false });
  const topics = await planTopics(deps, cluster, config);
  const steps: ReturnType<typeof step>[] = [];
  if (topics.missing.length > 0) {
    steps.push(
      step("topics", `Create ${count(topics.missing.length, "topic")}`, {
        do: "create-topics",
        cluster,
        topics: topics.missing,
      }),
    );
  }
  steps.push(
    step("create", `Create the connector ${name}`, {
      do: "create-connector",
      cluster,
      name,
      config,
      initialState,
    }),
    step("version", "Keep the configuration as a version", {
      do: "record-version",
      cluster,
      name,
      config,
      origin: "created",
      note,
    }),
  );
  if (initialState === "RUNNING") {
    steps.push(
      step("running", `Wait until ${name} runs`, {
        do: "await-running",
        cluster,
        name,
      } satisfies ConnectorStep),
    );
  }
  const { id } = await proposePlan(
    deps,
    actor,
    connectorDraft({
      cluster,
      name,
      title: `Create ${name}`,
      level: 1,
      consequences: [...whatItDoes(config), ...topics.consequences, ...warningsOf(findings)],
      counts: { connectors: 1, topics: topics.missing.length },
      steps,
      diff: { before: {}, after: config },
    }),
  );
  return { planId: id };
}

function whatItDoes(config: ConnectorConfig): Consequence[] {
  if (!isDebeziumSource(config["connector.class"] ?? "")) {
    const topics = listOf(config.topics).length;
    return topics > 0
      ? [
          {
            severity: "info",
            text: `Reads ${count(topics, "topic")} from the beginning and writes to the target.`,
          },
        ]
      : [];
  }
  const tables = listOf(config["table.include.list"]).length;
  const mode = config["snapshot.mode"] ?? "initial";
  const snapshot = /no_data|never/.test(mode)
    ? "from now on, without a snapshot"
    : "with a snapshot of all their rows first";
  return [{ severity: "info", text: `Captures ${count(tables, "table")}, ${snapshot}.` }];
}
