import { connectorHealth, type Health } from "#domain/connectors/health.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";

/** How a sink is; undefined where it is unknown or cannot be asked. */
export async function sinkHealth(
  { connect }: Pick<Deps, "connect">,
  cluster: string,
  connector: string,
): Promise<Health | undefined> {
  if (connector === "") return undefined;
  try {
    const status = await connect(cluster).status(connector);
    return connectorHealth(
      status.connector.state,
      status.tasks.map((task) => task.state),
    );
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
