import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { addToQuarantine } from "#domain/dead-letters/quarantine-list.ts";
import { quarantineReason } from "#domain/dead-letters/quarantine-reason.ts";
import type { ProposeQuarantineInput, QuarantineStep } from "#domain/dead-letters/quarantine-steps.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { PlanStep } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { analyseStoppedSink } from "./analyse-stopped-sink.ts";
import { deadLetterSettings } from "./quarantine-steps.ts";

/** Freezes "set this row aside and go on" for a sink that one row has stopped. */
export async function proposeQuarantine(
  deps: Pick<Deps, "db" | "planKinds" | "now" | "connect" | "kafka" | "registry" | "cluster">,
  actor: Actor,
  input: ProposeQuarantineInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "dead-letters:repair");
  const { cluster, name, record, atMost } = input;
  const analysis = await analyseStoppedSink(deps, actor, { cluster, name });
  const { cause, table = "" } = analysis;
  if (analysis.state === "running" || !cause)
    throw new AppError("conflict", `${name} is not stopped by a record any more; look at it again`);
  if (!analysis.record || positionText(analysis.record) !== positionText(record))
    throw new AppError("conflict", `The record that stops ${name} is not the one you saw; look at it again`);
  const connect = deps.connect(cluster);
  const [config, plugins] = await Promise.all([deps.connect(cluster).config(name), connect.plugins()]);
  if (!plugins.some((plugin) => plugin.class === "io.headgate.connect.Quarantine"))
    throw new AppError(
      "precondition_failed",
      "The workers of this cluster do not have Headgate's plugin for Kafka Connect, which sets records aside; install it first (connect/README.md)",
    );
  const why = { reason: input.reason ?? "", error: analysis.message ?? "" };
  const patch = addToQuarantine(
    config,
    [record],
    quarantineReason(why),
    deadLetterSettings(deps, cluster, name),
  );
  const sink = { cluster, name };
  const { id } = await proposePlan(deps, actor, {
    kind: "dead-letters.quarantine",
    title: `Set one row of ${table || record.topic} aside and let ${name} go on`,
    subject: { cluster, connector: name, record: positionText(record) },
    level: atMost > 1 ? 2 : 1,
    locks: [`connector:${cluster}/${name}`],
    counts: { records: 1, ...(atMost > 1 ? { "records at most": atMost } : {}) },
    consequences: [
      {
        severity: "info",
        text: `${positionText(record)} goes to the dead-letter topic with its raw bytes; nothing is lost, and it can be replayed.`,
      },
      {
        severity: "info",
        text: `${formatCounted(analysis.waiting, "record")} ${analysis.waiting === 1 ? "waits behind it and is" : "wait behind it and are"} delivered.`,
      },
      {
        severity: "warning",
        text: `The row in ${table || record.topic} stays as it is at the target until the record is replayed or the row is read again.`,
      },
      ...(analysis.record.certain
        ? []
        : [
            {
              severity: "warning" as const,
              text: "Another event of this row fits the error as well; the first of them is set aside.",
            },
          ]),
      ...(atMost > 1
        ? [
            {
              severity: "warning" as const,
              text: `Up to ${atMost - 1} more rows of ${table} are set aside if they fail with the same cause (${cause.title}).`,
            },
          ]
        : []),
      {
        severity: "info",
        text: "The tasks restart twice: now, and when the entry is taken off the list after it has been passed.",
      },
    ],
    steps: [
      step("set-aside", `Set ${positionText(record)} aside and restart the failed tasks`, {
        do: "set-aside",
        ...sink,
        records: [record],
        ...why,
      }),
      step("pass", "Wait until the sink has passed it and runs", {
        do: "pass",
        ...sink,
        records: [record],
        ...why,
        atMost,
        cause: cause.id,
        table,
      }),
      step("clean-list", "Take passed entries off the list", { do: "clean-list", ...sink }),
    ],
    diff: {
      before: Object.fromEntries(Object.keys(patch).map((key) => [key, config[key] ?? null])),
      after: patch,
    },
  });
  return { planId: id };
}

function step(key: string, title: string, input: QuarantineStep): PlanStep {
  return { key, title, input: JSON.parse(JSON.stringify(input)) as PlanStep["input"] };
}
