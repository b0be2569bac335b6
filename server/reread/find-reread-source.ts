import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { producesTopic } from "#domain/connectors/produced-topics.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { dialectOf, type SqlDialect } from "#domain/reread/row-filter.ts";
import { type SignalChannel, signalChannel } from "#domain/reread/signal.ts";
import type { Deps } from "#server/deps.ts";

/** A source connector that can read rows of a table again. */
export interface RereadSource {
  cluster: string;
  connector: string;
  /** Topic of the table. */
  topic: string;
  /** The table as Debezium names it: `schema.table`, or `database.table`. */
  collection: string;
  dialect: SqlDialect;
  channel: SignalChannel;
}

/** The source that writes a table's topic, ready for signals; says exactly which keys to set where it is not. */
export async function findRereadSource(
  { db, connect, cluster }: Pick<Deps, "db" | "connect" | "cluster">,
  wanted: { cluster: string; topic: string },
): Promise<RereadSource> {
  const rows = await db
    .select({ name: observedConnectors.name, config: observedConnectors.config })
    .from(observedConnectors)
    .where(
      and(
        eq(observedConnectors.cluster, wanted.cluster),
        eq(observedConnectors.type, "source"),
        isNull(observedConnectors.removedAt),
      ),
    );
  const known = rows.find(({ config }) => producesTopic(config, wanted.topic));
  if (!known)
    throw new AppError(
      "precondition_failed",
      `No source connector is known that writes ${wanted.topic}, so its rows cannot be read again`,
    );
  const { name } = known;
  const config = await connect(wanted.cluster).config(name);
  const found = signalChannel(config, cluster(wanted.cluster).kafka.brokers);
  if ("missing" in found)
    throw new AppError(
      "precondition_failed",
      `${name} does not listen for signals, so it cannot be asked to read rows again. Set ${Object.entries(
        found.missing,
      )
        .map(([key, value]) => `${key}=${value}`)
        .join(", ")} in its configuration first`,
    );
  return {
    cluster: wanted.cluster,
    connector: name,
    topic: wanted.topic,
    collection: wanted.topic.slice((config["topic.prefix"] ?? "").length + 1),
    dialect: dialectOf(config["connector.class"] ?? ""),
    channel: found.channel,
  };
}
