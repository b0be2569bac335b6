/** What changing a key costs. */
export interface Effect {
  effect: "hot" | "restart" | "resnapshot" | "irreversible";
  consequence: string;
}

const RESTART: Effect = {
  effect: "restart",
  consequence: "Connect restarts the connector and its tasks; they go on where they were.",
};

const COMMON: Record<string, Effect> = {
  "connector.class": {
    effect: "irreversible",
    consequence:
      "Another plugin reads other offsets: the connector starts over. Create a new connector instead.",
  },
  "tasks.max": {
    effect: "restart",
    consequence: "Connect restarts the connector and spreads its work over the new number of tasks.",
  },
  "config.action.reload": { effect: "hot", consequence: "Read by Connect itself; no task notices." },
};

const irreversible = (consequence: string): Effect => ({ effect: "irreversible", consequence });
const resnapshot = (consequence: string): Effect => ({ effect: "resnapshot", consequence });
const restart = (consequence: string): Effect => ({ effect: "restart", consequence });

const rowsSentBefore =
  "Events already in the topics keep the old form; consumers see both until the tables are snapshotted again.";

const DEBEZIUM: Record<string, Effect> = {
  "topic.prefix": irreversible(
    "Every topic gets a new name and the stored position no longer applies: sinks must move, and the snapshot starts again.",
  ),
  "slot.name": irreversible(
    "A new slot begins at the present: changes between the old slot's position and now are missed unless a snapshot follows.",
  ),
  "database.hostname": irreversible(
    "Another server has another log: the stored position means nothing there.",
  ),
  "database.dbname": irreversible(
    "Another database has another content behind the same topics, and the slot belongs to the old one.",
  ),
  "plugin.name": irreversible("The slot was made for the other decoding plugin and has to be made anew."),
  "publication.name": restart(
    "The connector restarts with the other publication; tables missing from it send nothing.",
  ),
  "table.include.list": resnapshot(
    "Tables taken in send only new changes until an incremental snapshot fills them; tables left out stop.",
  ),
  "table.exclude.list": resnapshot(
    "Tables taken in send only new changes until an incremental snapshot fills them; tables left out stop.",
  ),
  "schema.include.list": resnapshot(
    "Tables taken in send only new changes until an incremental snapshot fills them; tables left out stop.",
  ),
  "schema.exclude.list": resnapshot(
    "Tables taken in send only new changes until an incremental snapshot fills them; tables left out stop.",
  ),
  "column.include.list": resnapshot(rowsSentBefore),
  "column.exclude.list": resnapshot(rowsSentBefore),
  "decimal.handling.mode": resnapshot(`The type of numeric columns changes in the topics. ${rowsSentBefore}`),
  "time.precision.mode": resnapshot(`The type of time columns changes in the topics. ${rowsSentBefore}`),
  "binary.handling.mode": resnapshot(`The type of binary columns changes in the topics. ${rowsSentBefore}`),
  "hstore.handling.mode": resnapshot(rowsSentBefore),
  "interval.handling.mode": resnapshot(rowsSentBefore),
  "message.key.columns": irreversible(
    "Records get other keys: compaction, order per key and the sink's upserts no longer meet the rows sent before.",
  ),
  "schema.name.adjustment.mode": resnapshot(
    "Schemas get other names; the registry may refuse them as incompatible.",
  ),
  "snapshot.mode": restart(
    "Used at the next start without a stored position, or at each start with always and when_needed.",
  ),
  "slot.drop.on.stop": irreversible(
    "With true, stopping the connector drops the slot: changes made meanwhile are lost.",
  ),
};

const JDBC_SINK: Record<string, Effect> = {
  "connection.url": irreversible(
    "Rows go to another database from here on; those written before stay where they are.",
  ),
  topics: restart("Topics taken in are read from their beginning; topics left out stop where they are."),
  "topics.regex": restart(
    "Topics taken in are read from their beginning; topics left out stop where they are.",
  ),
  "insert.mode": irreversible(
    "With insert, an event delivered twice becomes two rows or an error; with upsert it does not.",
  ),
  "primary.key.mode": irreversible(
    "Rows are found by another key: those written before may be doubled or never updated.",
  ),
  "primary.key.fields": irreversible(
    "Rows are found by another key: those written before may be doubled or never updated.",
  ),
  "collection.name.format": irreversible(
    "Rows go to other tables from here on; those written before stay in the old ones.",
  ),
  "collection.naming.strategy": irreversible(
    "Rows go to other tables from here on; those written before stay in the old ones.",
  ),
  "delete.enabled": restart(
    "Decides whether deleted rows disappear from the target from here on; earlier deletes are not caught up.",
  ),
  "schema.evolution": restart(
    "Decides whether the sink may create tables and add columns; with none it stops at the first unknown column.",
  ),
  "truncate.enabled": irreversible("With true, a truncate at the source empties the target table."),
  "errors.tolerance": restart(
    "With all, records that cannot be read or transformed are set aside instead of stopping the task.",
  ),
  "quote.identifiers": irreversible(
    "Names keep their case: existing tables and columns with folded names are no longer found.",
  ),
};

/** What changing this key costs for this plugin; a key nobody classified costs what every change costs in Connect, a restart. */
export function effectOf(plugin: string, key: string): Effect {
  const known =
    COMMON[key] ??
    (isDebeziumSource(plugin) ? DEBEZIUM[key] : isJdbcSink(plugin) ? JDBC_SINK[key] : undefined);
  return known ?? RESTART;
}

export function isDebeziumSource(plugin: string): boolean {
  return plugin.startsWith("io.debezium.connector.") && !/Sink/.test(plugin);
}

export function isJdbcSink(plugin: string): boolean {
  return plugin === JDBC_SINK_CLASS;
}

export const POSTGRES_SOURCE_CLASS = "io.debezium.connector.postgresql.PostgresConnector";
export const JDBC_SINK_CLASS = "io.debezium.connector.jdbc.JdbcSinkConnector";
