import { quoteName, quoteText } from "#domain/databases/sql-quoting.ts";
import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { baseType, type Dialect, refuse, write } from "./dialect.ts";

const FAMILIES: Record<string, TypeFamily> = {
  tinyint: "integer",
  smallint: "integer",
  int: "integer",
  bigint: "integer",
  varint: "decimal",
  decimal: "decimal",
  boolean: "boolean",
  float: "float32",
  double: "float64",
  ascii: "text",
  text: "text",
  varchar: "text",
  inet: "other",
  uuid: "uuid",
  timeuuid: "uuid",
  date: "date",
  time: "time",
  timestamp: "timestamptz",
  blob: "binary",
};

const NO_HASH = "Cassandra computes no hash: rows are read by token range and hashed in this process";

/** Rows are cut by the token of the partition key, in whose order they come; buckets do not depend on any order. */
export const cassandra: Dialect = {
  engine: "cassandra",
  quote: quoteName,
  familyOf: (declared) => FAMILIES[baseType(declared)] ?? "other",
  value: () => refuse(NO_HASH),
  shape: ({ schema, name }) =>
    write(
      `select column_name, type, kind, position from system_schema.columns where keyspace_name = ${quoteText(schema)} and table_name = ${quoteText(name)}`,
    ),
  bucketHashes: () => refuse(NO_HASH),
  rowsOfRange({ table, columns, keyLength }) {
    if (keyLength === 0) return refuse("Every table of Cassandra has a key");
    const names = columns.map(({ shape }) => quoteName(shape.name));
    const rest = columns.slice(keyLength).map(({ shape }) => `writetime(${quoteName(shape.name)})`);
    return write(
      `select ${[...names, ...rest].join(", ")} from ${quoteName(table.schema)}.${quoteName(table.name)} where token(${names[0]}) > ? and token(${names[0]}) <= ?`,
    );
  },
  position: refuse(
    "Cassandra's commit logs have no common position: a cell written within the lag is on its way",
  ),
  clock: "select totimestamp(now()) from system.local",
};
