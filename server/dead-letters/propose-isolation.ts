import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { withoutName } from "#domain/connectors/config-diff.ts";
import { tableOfTopic } from "#domain/dead-letters/grouping.ts";
import {
  type IsolationStep,
  isolatedName,
  isolationOf,
  ProposeIsolationInput,
} from "#domain/dead-letters/isolation.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { PlanStep } from "#domain/plans/schema.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { configHash } from "#server/connectors/config-hash.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";

/** Freezes "give this table a sink of its own", so that a table in trouble no longer holds up the others. */
export async function proposeIsolation(
  deps: Pick<Deps, "db" | "planKinds" | "now" | "connect" | "kafka">,
  actor: Actor,
  input: ProposeIsolationInput,
): Promise<{ planId: string; newName: string }> {
  requirePermission(actor, "dead-letters:repair");
  const { cluster, name, topic, hold, newName: wished } = ProposeIsolationInput.parse(input);
  const live = withoutName(await deps.connect(cluster).config(name));
  const { rest, own } = isolationOf(name, live, topic);
  const newName = wished ?? isolatedName(name, topic);
  if (await found(deps.connect(cluster).status(newName)))
    throw new AppError("conflict", `There is a connector ${newName} already; give the new sink another name`);
  const kafka = deps.kafka(cluster);
  const [stale, ends, mine] = await Promise.all([
    kafka.committedOffsets(`connect-${newName}`, [topic]),
    kafka.endOffsets([topic]),
    kafka.committedOffsets(`connect-${name}`, [topic]),
  ]);
  const waiting = [...(ends.offsets.get(topic) ?? [])].reduce(
    (sum, [partition, end]) => sum + Math.max(0, end - (mine.get(topic)?.get(partition) ?? 0)),
    0,
  );
  const table = tableOfTopic(topic);
  const others = rest.topics?.split(",").length ?? 0;
  const sinks = { cluster, from: name, to: newName, topic };
  const { id } = await proposePlan(deps, actor, {
    kind: "dead-letters.isolate",
    title: `Give ${table} a sink of its own, ${newName}`,
    subject: { cluster, connector: name, topic, isolated: newName },
    level: 2,
    confirmCount: "tables that go on",
    counts: { "tables that go on": others, "events waiting": waiting },
    locks: [`connector:${cluster}/${name}`, `connector:${cluster}/${newName}`],
    consequences: [
      {
        severity: "warning",
        text: `${name} stands still for a few seconds; its ${others} other ${others === 1 ? "table goes" : "tables go"} on afterwards.`,
      },
      {
        severity: "info",
        text: `${newName} has the same configuration and begins exactly where ${name} stands: ${waiting} events of ${table} wait there.`,
      },
      hold
        ? {
            severity: "warning",
            text: `${newName} stays stopped until somebody resumes it; ${table} at the target gets older meanwhile.`,
          }
        : {
            severity: "info",
            text: `${newName} goes on at once. If the row in its way is still refused it stops again, and holds up nothing but ${table}.`,
          },
      ...(stale.get(topic)?.size
        ? [
            {
              severity: "warning" as const,
              text: `An earlier sink named ${newName} has left a position for ${topic}; it is replaced.`,
            },
          ]
        : []),
      {
        severity: "info",
        text: `Two sinks write to one target now: to undo it, stop both, give ${topic} and its position back to ${name}, and delete ${newName}.`,
      },
    ],
    steps: [
      step("create", `Create ${newName}, stopped`, {
        do: "create-connector",
        cluster,
        name: newName,
        config: own,
        initialState: "STOPPED",
      }),
      step("stop", `Stop ${name}`, { do: "stop", cluster, name }),
      step("offsets", `Set ${newName} to where ${name} stands`, { do: "hand-over-offsets", ...sinks }),
      step("check", "See that both stand still at the same offsets", { do: "check-offsets", ...sinks }),
      step("take-off", `Take ${topic} off ${name}`, {
        do: "put-config",
        cluster,
        name,
        config: rest,
        expectedHash: configHash(live),
      }),
      step("resume-first", `Let ${name} go on`, { do: "resume", cluster, name }),
      ...(hold
        ? []
        : [step("resume-second", `Let ${newName} go on`, { do: "resume", cluster, name: newName })]),
      step("version-first", `Keep the configuration of ${name} as a version`, {
        do: "record-version",
        cluster,
        name,
        config: rest,
        origin: "updated",
        note: `${topic} now has the sink ${newName}`,
      }),
      step("version-second", `Keep the configuration of ${newName} as a version`, {
        do: "record-version",
        cluster,
        name: newName,
        config: own,
        origin: "created",
        note: `Isolated from ${name}`,
      }),
      step("running", `Wait until ${name} runs`, { do: "await-running", cluster, name }),
    ],
    diff: {
      before: { topics: live.topics ?? "" },
      after: { topics: rest.topics ?? "", [`topics of ${newName}`]: topic },
    },
  });
  return { planId: id, newName };
}

function step(key: string, title: string, input: IsolationStep): PlanStep {
  return { key, title, input: JSON.parse(JSON.stringify(input)) as PlanStep["input"] };
}
