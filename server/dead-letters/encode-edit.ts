import { editJson, payloadProblems } from "#domain/dead-letters/edit-json.ts";
import { type EditProblem, isFields, sameValue } from "#domain/dead-letters/edit-problems.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { type Decoded, decodePart } from "#server/kafka/decode-record.ts";
import { editAvro } from "#server/schema-registry/edit-avro.ts";
import type { RawRecord } from "./raw-record.ts";

const FRAME_BYTES = 5;

export interface EncodedEdit {
  /** What it was, as it is shown. */
  shown: unknown;
  /** The new value in the record's own form, read back and found to be what was asked for. */
  value: Buffer;
}

/** Puts an edited value into the form the record has, checked against its schema where it has one. */
export async function encodeEdit(
  { registry }: Pick<Deps, "registry">,
  cluster: string,
  raw: RawRecord,
  edited: unknown,
): Promise<EncodedEdit> {
  const found = registry(cluster);
  const headers = Object.fromEntries(raw.headers.map(([name, value]) => [name, value ?? undefined]));
  const decode = (value: Buffer | null) => decodePart({ key: null, value, headers }, "value", found?.avro);
  const decoded = await decode(raw.value);
  if (raw.value === null || decoded.problem || decoded.format === "hex" || decoded.format === "null")
    throw new AppError(
      "precondition_failed",
      `This value cannot be edited: ${decoded.problem ?? (raw.value === null ? "the record is a tombstone" : "its bytes have no form Headgate reads")}`,
    );
  const shown = decoded.value;
  if (sameValue(shown, edited))
    throw new AppError("invalid", "Nothing was changed; replay the record as it is");
  requireSameKey(await decodePart({ key: raw.key, value: null, headers }, "key", found?.avro), shown, edited);
  const value = await encode(raw.value, decoded, edited, headers, found?.client);
  if (!sameValue((await decode(value)).value, edited))
    throw new AppError(
      "invalid",
      "The edited value cannot be written without loss in the form this record has",
    );
  return { shown, value };
}

async function encode(
  original: Buffer,
  { format, value: shown }: Decoded,
  edited: unknown,
  headers: Record<string, Buffer | undefined>,
  client: NonNullable<ReturnType<Deps["registry"]>>["client"] | undefined,
): Promise<Buffer> {
  if (format === "text") {
    if (typeof edited !== "string") throw new AppError("invalid", "This record holds a text");
    return Buffer.from(edited, "utf8");
  }
  if (format === "json")
    return Buffer.from(editJson(original.toString("utf8"), shown, edited, false), "utf8");
  if (format === "json-schema") {
    const { schema } = JSON.parse(original.toString("utf8")) as { schema: unknown };
    refuse(payloadProblems(schema, edited));
    return Buffer.from(editJson(original.toString("utf8"), shown, edited, true), "utf8");
  }
  if (!client || headers.__value_schema_id !== undefined)
    throw new AppError(
      "precondition_failed",
      "Records whose schema is named in a header cannot be edited; only those that begin with a schema id",
    );
  const { schema, references } = await client.schemaById(original.readInt32BE(1));
  const named = await Promise.all(
    (references ?? []).map(({ subject, version }) => client.schemaOfVersion(subject, version)),
  );
  const body = editAvro(
    schema,
    named.map((reference) => reference.schema),
    original.subarray(FRAME_BYTES),
    { shown, edited },
  );
  return Buffer.concat([original.subarray(0, FRAME_BYTES), body]);
}

function refuse(problems: readonly EditProblem[]): void {
  if (problems.length === 0) return;
  throw new AppError(
    "invalid",
    `The edited value does not fit its schema: ${problems.map(({ path, message }) => `${path} ${message}`).join("; ")}`,
    { problems: [...problems] },
  );
}

/** Another key in the row than in the record would write to one row what was meant for another. */
function requireSameKey(key: Decoded, shown: unknown, edited: unknown): void {
  if (!isFields(key.value)) return;
  for (const name of Object.keys(key.value))
    for (const part of ["after", "before"] as const) {
      const [was, is] = [fieldOf(shown, part, name), fieldOf(edited, part, name)];
      if (!sameValue(was, is))
        throw new AppError("invalid", `${name} is part of the row's key and cannot be edited`);
    }
}

function fieldOf(value: unknown, part: "after" | "before", name: string): unknown {
  if (!isFields(value)) return undefined;
  if (!("op" in value)) return part === "after" ? value[name] : undefined;
  const row = value[part];
  return isFields(row) ? row[name] : undefined;
}
