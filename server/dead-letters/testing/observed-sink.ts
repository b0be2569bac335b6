import type { Deps } from "#server/deps.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";

/** What the observer knows of a sink that reads a topic; without an end it is there still. */
export async function storeSink(
  deps: Pick<Deps, "db">,
  name: string,
  topic: string,
  { removedAt = null, database = "warehouse" }: { removedAt?: Date | null; database?: string } = {},
): Promise<void> {
  await storeObserved(deps, {
    name,
    type: "sink",
    config: {
      topics: topic,
      "connector.class": "JdbcSinkConnector",
      "connection.url": `jdbc:postgresql://db/${database}`,
    },
    removedAt,
  });
}
