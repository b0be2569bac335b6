import { connectorHealth } from "#domain/connectors/health.ts";
import { rootCauseLine } from "#domain/connectors/trace.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { StoredTable } from "./stored-table.ts";

/**
 * Why nothing arrives in the target now, so that a difference would mean nothing; undefined: it does. Asked of Kafka
 * Connect itself, because what was observed may be seconds old. When Connect does not answer the run goes on: the
 * position of the sink's group decides.
 */
export async function whySinkIsStill(
  { connect }: Pick<Deps, "connect">,
  { cluster, sink, source }: StoredTable,
): Promise<string | undefined> {
  for (const [name, role] of [
    [sink, "sink"],
    [source, "source connector"],
  ] as const) {
    const status = await connect(cluster)
      .status(name)
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === "upstream_unavailable") return undefined;
        throw error;
      });
    if (!status) continue;
    const health = connectorHealth(
      status.connector.state,
      status.tasks.map(({ state }) => state),
    );
    if (health === "paused" || health === "stopped")
      return `The ${role} ${name} is ${health}, so the target cannot be as far as the source`;
    if (health === "failed") {
      const trace = status.connector.trace ?? status.tasks.find(({ state }) => state === "FAILED")?.trace;
      return `The ${role} ${name} has failed${trace ? `: ${rootCauseLine(trace)}` : ""}`;
    }
  }
  return undefined;
}
