import { simpleName } from "./exception-chain.ts";
import type { Grouping } from "./grouping.ts";
import { QUARANTINED } from "./quarantine-reason.ts";

/** One kind of failure: what is likely wrong and what to do, in words. `docs/runbooks/dead-letters.md` has an entry per id. */
export interface Cause {
  id: string;
  title: string;
  likelyCause: string;
  action: string;
  /** True where the same record may well succeed later without anybody changing anything. */
  transient: boolean;
}

interface Rule extends Cause {
  matches(failure: Pick<Grouping, "stage" | "exceptions" | "message">): boolean;
}

type Failed = Pick<Grouping, "stage" | "exceptions" | "message">;

const says =
  (...patterns: readonly RegExp[]) =>
  ({ message }: Failed) =>
    patterns.some((pattern) => pattern.test(message));
const threw =
  (...names: readonly string[]) =>
  ({ exceptions }: Failed) =>
    exceptions.some((exception) => names.includes(simpleName(exception)));
const either =
  (...rules: readonly ((failed: Failed) => boolean)[]) =>
  (failed: Failed) =>
    rules.some((rule) => rule(failed));

/** In order: the first that matches names the cause. */
const RULES: readonly Rule[] = [
  {
    id: "quarantined",
    title: QUARANTINED,
    likelyCause:
      "This row stopped the sink, and somebody decided to set it aside so that the others could go on.",
    action:
      "Fix what the target refused, then replay the record. If the row has changed since, re-read it from the source instead.",
    transient: false,
    matches: ({ message }) => message.startsWith(QUARANTINED),
  },
  {
    id: "not-null",
    title: "Required column is empty",
    likelyCause: "The target demands a value in a column that the source leaves empty.",
    action: "Drop NOT NULL on the target column or give it a default, then replay.",
    transient: false,
    matches: says(/not-null constraint/i, /cannot insert (the value )?NULL/i, /cannot be null/i, /ORA-01400/),
  },
  {
    id: "unique",
    title: "Duplicate of another row",
    likelyCause:
      "A unique constraint of the target is already held by another row, often because the target has a constraint the source has not.",
    action:
      "Compare both rows. Remove the extra constraint or the stray target row, then replay; re-read the row if it has changed.",
    transient: false,
    matches: says(/unique constraint/i, /duplicate (key|entry)/i, /unique key/i, /ORA-00001/),
  },
  {
    id: "foreign-key",
    title: "Referenced row is missing",
    likelyCause:
      "The target enforces a foreign key, and the referenced row has not arrived: tables travel through separate topics in no common order.",
    action:
      "If the other table is only behind, replay once it has caught up. Else drop the foreign key on the target: a mirror does not need it.",
    transient: true,
    matches: says(/foreign key constraint/i, /ORA-02291/, /REFERENCE constraint/i),
  },
  {
    id: "check",
    title: "Row breaks a check of the target",
    likelyCause: "A check constraint on the target forbids a value the source allows.",
    action:
      "Change or drop the check on the target, or correct the row at the source; then replay or re-read.",
    transient: false,
    matches: says(/check constraint/i, /exclusion constraint/i, /ORA-02290/),
  },
  {
    id: "too-long",
    title: "Value too long for its column",
    likelyCause: "The target column is narrower than the source column.",
    action: "Widen the target column, then replay.",
    transient: false,
    matches: says(
      /value too long/i,
      /data too long/i,
      /would be truncated/i,
      /too large for column/i,
      /ORA-12899/,
    ),
  },
  {
    id: "out-of-range",
    title: "Number out of range",
    likelyCause: "The target's numeric type is smaller than the source's.",
    action: "Change the target column to a wider type, then replay.",
    transient: false,
    matches: says(/out of range/i, /numeric field overflow/i, /arithmetic overflow/i, /ORA-01438/),
  },
  {
    id: "missing-table",
    title: "Target table is missing",
    likelyCause:
      "The table was never created on the target, was renamed, or the sink's naming points elsewhere.",
    action: "Create the table or correct collection.name.format, then restart the sink and replay.",
    transient: false,
    matches: says(
      /(?<!of )relation "[^"]*" does not exist/i,
      /table '[^']*' doesn't exist/i,
      /invalid object name/i,
      /ORA-00942/,
      /table [^ ]+ (is missing|does not exist)/i,
    ),
  },
  {
    id: "missing-column",
    title: "Target lacks a column",
    likelyCause:
      "The source table got a column that the target does not have, and the sink may not change tables.",
    action:
      "Review the schema change and add the column on the target, then restart the sink; records already dead-lettered can be replayed.",
    transient: false,
    matches: says(
      /column .* does not exist/i,
      /unknown column/i,
      /invalid column name/i,
      /cannot alter table/i,
      /schema evolution is disabled/i,
      /ORA-00904/,
    ),
  },
  {
    id: "unknown-schema",
    title: "Schema is not in the registry",
    likelyCause:
      "The record names a schema id that the registry does not know: another registry wrote it, or the schema was deleted.",
    action:
      "Restore the schema under its id or point the converter at the registry that wrote the record, then replay.",
    transient: false,
    matches: either(
      says(
        /schema (not found|.*40403)/i,
        /error retrieving .*schema/i,
        /no (artifact|content|schema) with (id|global id|content id)/i,
        /could not find (schema|artifact)/i,
      ),
      threw("ArtifactNotFoundException", "SchemaNotFoundException"),
    ),
  },
  {
    id: "registry",
    title: "Schema registry did not answer",
    likelyCause: "The registry was down or out of reach while the record was converted.",
    action: "Check the registry, then replay: nothing is wrong with the records.",
    transient: true,
    matches: (failed) =>
      /CONVERTER/.test(failed.stage) &&
      either(
        threw(
          "ConnectException",
          "HttpConnectTimeoutException",
          "UnknownHostException",
          "SocketTimeoutException",
        ),
        says(/connection refused/i, /registry.*(unavailable|timed? ?out)/i),
      )(failed) &&
      !says(/deserializ/i)(failed),
  },
  {
    id: "bad-bytes",
    title: "Bytes that no converter understands",
    likelyCause: "Something other than the source connector wrote to the topic, or with another converter.",
    action:
      "Find the writer. Such records cannot be repaired by replay as they are: ignore them with a reason, or edit and replay.",
    transient: false,
    matches: either(
      says(
        /unknown magic byte/i,
        /invalid (utf-?8|utf-?32)/i,
        /unrecognized token/i,
        /unexpected (character|end)/i,
        /malformed/i,
        /not.*(in|a) .*avro/i,
        /length of data .* (is )?negative/i,
      ),
      threw(
        "JsonParseException",
        "AvroRuntimeException",
        "BufferUnderflowException",
        "EOFException",
        "JsonEOFException",
      ),
    ),
  },
  {
    id: "conversion",
    title: "Record does not fit the converter",
    likelyCause:
      "The converter's settings and the records disagree, for example JSON without a schema where one is expected.",
    action:
      "Compare the converter's settings of source and sink (schemas.enable, the registry's address), correct them, then replay.",
    transient: false,
    matches: either(
      says(
        /schemas\.enable/i,
        /requires? "?schema"?/i,
        /deserializ/i,
        /error serializing/i,
        /invalid schema/i,
      ),
      threw("SerializationException", "SchemaParseException", "SchemaBuilderException"),
      (failed) => /CONVERTER/.test(failed.stage),
    ),
  },
  {
    id: "type-mismatch",
    title: "Type does not fit the column",
    likelyCause:
      "Source and target disagree about a column's type, often after a change of the source column.",
    action:
      "Look at the schema change of the table, change the target column's type or add a cast, then replay.",
    transient: false,
    matches: either(
      says(
        /invalid input (syntax|value)/i,
        /is of type .* but expression is of type/i,
        /cannot (be )?cast/i,
        /incorrect .* value/i,
        /conversion failed/i,
        /type mismatch/i,
        /unsupported (type|schema)/i,
        /ORA-01722/,
      ),
      threw("ClassCastException", "NumberFormatException", "DateTimeParseException"),
    ),
  },
  {
    id: "no-key",
    title: "Record without a key",
    likelyCause:
      "The sink writes by key and the record has none: the table has no primary key, or the message did not come from Debezium.",
    action:
      "Give the table a key (or message.key.columns at the source) and snapshot it again; ignore the record with a reason.",
    transient: false,
    matches: says(
      /(record|message)?.*\bkey\b.*(is null|must not be null|cannot be null|missing|required)/i,
      /primary key.*(null|missing)/i,
    ),
  },
  {
    id: "too-large",
    title: "Record too large",
    likelyCause:
      "The record is larger than a limit on the way: max.message.bytes, max.request.size, or the database's packet size.",
    action:
      "Raise the limit that the message names, then replay; or leave the large column out at the source.",
    transient: false,
    matches: either(
      threw("RecordTooLargeException", "PacketTooBigException", "MessageSizeTooLargeException"),
      says(/too large/i, /max_allowed_packet/i, /larger than the maximum/i),
    ),
  },
  {
    id: "privilege",
    title: "Not allowed on the target",
    likelyCause: "The sink's database role lacks a right on the table, or its password has changed.",
    action: "Grant the right, or rotate the credential and restart the sink; then replay.",
    transient: false,
    matches: either(
      says(
        /permission denied/i,
        /access denied/i,
        /insufficient privilege/i,
        /must be owner/i,
        /password authentication failed/i,
        /command denied/i,
        /ORA-01031/,
      ),
      threw("AuthorizationException", "TopicAuthorizationException", "SaslAuthenticationException"),
    ),
  },
  {
    id: "conflict",
    title: "Lost a race with another transaction",
    likelyCause: "A deadlock, lock timeout or serialisation conflict on the target.",
    action:
      "Replay: the same record usually succeeds. If it keeps coming, look for the job that holds locks on the table.",
    transient: true,
    matches: says(/deadlock/i, /could not serialize/i, /lock (wait )?timeout/i, /lock request time out/i),
  },
  {
    id: "timeout",
    title: "Target was too slow",
    likelyCause: "A statement or a request took longer than allowed.",
    action: "Check the target's load, then replay slowly.",
    transient: true,
    matches: either(
      says(/timed? ?out/i, /statement timeout/i, /canceling statement/i),
      threw("TimeoutException", "SQLTimeoutException", "SocketTimeoutException", "QueryTimeoutException"),
    ),
  },
  {
    id: "connection",
    title: "Target was out of reach",
    likelyCause: "The target database was down, restarting or refusing connections.",
    action: "Check the target, then replay: nothing is wrong with the records.",
    transient: true,
    matches: either(
      says(
        /connection (refused|reset|attempt failed|is closed|has been closed|terminated)/i,
        /i\/o error/i,
        /too many connections/i,
        /terminating connection/i,
        /the database system is/i,
        /could not connect/i,
        /unable to acquire/i,
      ),
      threw(
        "JDBCConnectionException",
        "CommunicationsException",
        "SQLTransientConnectionException",
        "UnknownHostException",
      ),
    ),
  },
  {
    id: "disk-full",
    title: "Target has no room",
    likelyCause: "The target's disk or quota is full.",
    action: "Make room on the target, then replay.",
    transient: true,
    matches: says(/no space left/i, /disk full/i, /could not extend file/i, /tablespace.*full/i, /ORA-01653/),
  },
  {
    id: "transform",
    title: "A transform failed",
    likelyCause:
      "A transform of the sink expects another shape of record: a missing field, a schemaless value, a tombstone.",
    action:
      "Look at the transforms of the sink and at the decoded record; add a predicate or correct the transform, then replay.",
    transient: false,
    matches: (failed) => failed.stage === "TRANSFORMATION",
  },
];

const UNCLASSIFIED: Cause = {
  id: "other",
  title: "Not in the catalogue",
  likelyCause: "Headgate does not know this failure.",
  action:
    "Read the root cause and the record below. When you know the remedy, add a rule so that the next one is named.",
  transient: false,
};

/** Every cause there is, for suggestions and for the runbook. */
export const CAUSES: readonly Cause[] = [
  ...RULES.map(({ matches: _matches, ...cause }) => cause),
  UNCLASSIFIED,
];

export function causeOf(failure: Failed): Cause {
  const found = RULES.find((rule) => rule.matches(failure));
  if (!found) return UNCLASSIFIED;
  const { matches: _matches, ...cause } = found;
  return cause;
}

export function causeById(id: string): Cause {
  return CAUSES.find((cause) => cause.id === id) ?? UNCLASSIFIED;
}
