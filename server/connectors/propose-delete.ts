import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { withoutName } from "#domain/connectors/config-diff.ts";
import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import { LEFTOVER_NAME, type Leftover } from "#domain/connectors/leftovers.ts";
import type { ProposeDeleteInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Consequence, PlanStep } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { listLeftovers } from "./list-leftovers.ts";
import { connectorDraft, step } from "./plan-draft.ts";
import { count } from "./plan-words.ts";

/** Freezes the removal of a connector and of the leftovers a person chose; the others are named as staying. */
export async function proposeDelete(
  deps: Deps,
  actor: Actor,
  { cluster, name, remove, note }: ProposeDeleteInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "connectors:configure");
  const config = withoutName(await deps.connect(cluster).config(name));
  const leftovers = await listLeftovers(deps, actor, { cluster, name });
  const known = new Set(leftovers.map((leftover) => leftover.id));
  const unknown = remove.find((id) => !known.has(id));
  if (unknown)
    throw new AppError("conflict", `${unknown} is no longer there; look at what would be left again`);
  const chosen = leftovers.filter((leftover) => remove.includes(leftover.id));
  const needed = chosen.filter((leftover) => leftover.neededBy.length > 0);
  if (needed.length > 0) {
    throw new AppError("invalid", "Others still need some of what would be removed", {
      problems: needed.map((leftover) => ({
        path: leftover.id,
        message: `${leftover.neededBy.join(", ")} still needs ${leftover.name}`,
      })),
    });
  }
  const topics = chosen.filter((leftover) => leftover.kind.endsWith("topic"));
  const losesRecords = topics.some(
    (leftover) => leftover.kind === "topic" || leftover.kind === "dead-letter-topic",
  );
  const { id } = await proposePlan(
    deps,
    actor,
    connectorDraft({
      cluster,
      name,
      title: `Delete ${name}`,
      level: losesRecords ? 3 : 2,
      confirmName: name,
      confirmCount: "things",
      consequences: leftovers.map((leftover) => consequenceOf(leftover, remove.includes(leftover.id))),
      counts: { things: 1 + chosen.length, connectors: 1, topics: topics.length },
      steps: stepsOf({ cluster, name, note }, chosen, topics, hidePlaintext(config)),
      diff: { before: hidePlaintext(config), after: {} },
    }),
  );
  return { planId: id };
}

function consequenceOf(leftover: Leftover, isRemoved: boolean): Consequence {
  const what = `${LEFTOVER_NAME[leftover.kind]} ${leftover.name}`;
  if (!isRemoved)
    return {
      severity: leftover.removeByDefault ? "warning" : "info",
      text: `${what} stays. ${leftover.keeping}`,
    };
  return {
    severity: leftover.kind.endsWith("topic") ? "danger" : "warning",
    text: `${what} goes. ${leftover.removing}`,
  };
}

/** Position and slot go while the stopped connector is still there; the rest when nobody uses it any more. */
function stepsOf(
  { cluster, name, note }: { cluster: string; name: string; note: string | undefined },
  chosen: readonly Leftover[],
  topics: readonly Leftover[],
  config: Record<string, string>,
): PlanStep[] {
  const of = (kind: Leftover["kind"]) => chosen.find((leftover) => leftover.kind === kind);
  const slot = of("slot");
  const group = of("consumer-group");
  const publication = of("publication");
  return [
    slot
      ? step("slot", `Stop ${name} and let it drop its slot ${slot.name}`, {
          do: "drop-slot",
          cluster,
          name,
          slot: slot.name,
          statement: slot.statement ?? "",
        })
      : step("stop", `Stop ${name}`, { do: "stop", cluster, name }),
    ...(of("offsets")
      ? [step("offsets", `Forget the stored position of ${name}`, { do: "reset-offsets", cluster, name })]
      : []),
    step("delete", `Delete the connector ${name}`, { do: "delete-connector", cluster, name }),
    step("version", "End its history", {
      do: "record-version",
      cluster,
      name,
      config,
      origin: "deleted",
      note,
    }),
    ...(group
      ? [
          step("group", `Delete the consumer group ${group.name}`, {
            do: "delete-group",
            cluster,
            group: group.name,
          }),
        ]
      : []),
    ...(topics.length > 0
      ? [
          step("topics", `Delete ${count(topics.length, "topic")}`, {
            do: "delete-topics",
            cluster,
            topics: topics.map((topic) => topic.name),
          }),
        ]
      : []),
    ...(publication?.statement
      ? [
          step("publication", `Drop the publication ${publication.name} (by hand)`, {
            do: "by-hand",
            what: `Dropping the publication ${publication.name}`,
            statement: publication.statement,
          }),
        ]
      : []),
  ];
}
