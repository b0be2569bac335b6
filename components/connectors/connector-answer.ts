import { formatCounted } from "#domain/format/numbers.ts";
import type { ConnectorView } from "./connector-outputs.ts";

type Facts = Pick<ConnectorView, "health" | "type" | "trace"> & {
  tasks: readonly Pick<ConnectorView["tasks"][number], "state" | "trace">[];
};

/** How is this connector, in one sentence; a failure says its root cause. */
export function connectorAnswer({ health, type, tasks, trace }: Facts): string {
  const failed = tasks.filter((task) => task.state === "FAILED");
  const cause = (trace ?? failed[0]?.trace)?.root;
  const why = cause ? `: ${firstSentence(cause.message || cause.exception)}` : "";
  const rest =
    type === "source"
      ? "The log is read on from the stored position"
      : "Reading goes on from the stored offsets";
  switch (health) {
    case "healthy":
      return tasks.length === 1 ? "Its task runs." : `All ${formatCounted(tasks.length, "task")} run.`;
    case "degraded":
      return `${failed.length} of ${formatCounted(tasks.length, "task")} failed${why}`;
    case "failed":
      return failed.length > 0 && tasks.length > 1
        ? `All ${formatCounted(tasks.length, "task")} failed${why}`
        : `It failed${why}`;
    case "paused":
      return `Paused on purpose. ${rest} when somebody resumes it.`;
    case "stopped":
      return `Stopped on purpose; it has no tasks. ${rest} when somebody resumes it.`;
    case "starting":
      return tasks.length === 0
        ? "It is starting; Connect has not made its tasks yet."
        : "Its tasks are starting.";
    case "unknown":
      return "Kafka Connect does not say how it is.";
  }
}

function firstSentence(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}
