import type { ConnectorRef } from "#domain/connectors/schema.ts";
import type { ConnectorStep } from "#domain/connectors/steps.ts";
import type { PlanDraft, PlanStep } from "#domain/plans/schema.ts";

/** One step of a connector plan, checked by the compiler before it becomes JSON. */
export function step(key: string, title: string, input: ConnectorStep): PlanStep {
  // Undefined properties would not survive the plan's JSON.
  return { key, title, input: JSON.parse(JSON.stringify(input)) as PlanStep["input"] };
}

export function connectorDraft({
  cluster,
  name,
  ...draft
}: ConnectorRef & Omit<PlanDraft, "kind" | "subject" | "locks">): PlanDraft {
  return {
    kind: "connectors",
    subject: { cluster, connector: name },
    locks: [`connector:${cluster}/${name}`],
    ...draft,
  };
}
