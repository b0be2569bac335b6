import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { type Dialect, refuse, write } from "./dialect.ts";

/** Names of BSON types as `$type` gives them. */
const FAMILIES: Record<string, TypeFamily> = {
  int: "integer",
  long: "integer",
  double: "float64",
  decimal: "decimal",
  bool: "boolean",
  string: "text",
  objectId: "text",
  date: "timestamptz",
  binData: "binary",
  object: "json",
  array: "json",
};

const NO_HASH =
  "MongoDB's hashes cannot be computed elsewhere: documents are read by _id and hashed in this process";
const command = (given: object) => write(JSON.stringify(given));

/** Commands as extended JSON; names are members of a document and need no quotes beyond JSON's. */
export const mongodb: Dialect = {
  engine: "mongodb",
  quote: (name) => JSON.stringify(name),
  familyOf: (declared) => FAMILIES[declared] ?? "other",
  value: () => refuse(NO_HASH),
  shape: ({ schema, name }) =>
    // A collection promises no fields: what a sample of its documents has is what is known.
    command({
      aggregate: name,
      pipeline: [
        { $sample: { size: 1_000 } },
        { $project: { field: { $objectToArray: "$$ROOT" } } },
        { $unwind: "$field" },
        { $group: { _id: { name: "$field.k", type: { $type: "$field.v" } }, documents: { $sum: 1 } } },
      ],
      cursor: {},
      $db: schema,
    }),
  bucketHashes: () => refuse(NO_HASH),
  rowsOfRange({ table, columns }) {
    const fields = Object.fromEntries(columns.map(({ shape }) => [shape.name, 1]));
    return command({
      find: table.name,
      filter: { _id: { $gte: "?", $lt: "?" } },
      projection: { _id: 0, ...fields },
      sort: { _id: 1 },
      batchSize: 5_000,
      readConcern: { level: "majority" },
      $db: table.schema,
    });
  },
  // The answer's operationTime is what a change stream can be started at, and its resume tokens are compared with.
  position: command({ hello: 1, $db: "admin" }),
  clock: JSON.stringify({ hello: 1, $db: "admin" }),
};
