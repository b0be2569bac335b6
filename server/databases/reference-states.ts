import type { Reader, ReferenceCheck } from "#domain/credentials/reference-check.ts";
import { checkKeyText, readStoredChecks } from "#server/credentials/stored-checks.ts";
import type { Deps } from "#server/deps.ts";
import type { RegisteredDatabase } from "./registered-database.ts";

export type ReferenceField =
  | "connectorUserRef"
  | "connectorPasswordRef"
  | "readonlyUserRef"
  | "readonlyPasswordRef"
  | "changeUserRef"
  | "changePasswordRef";

const READERS: Record<ReferenceField, Reader> = {
  connectorUserRef: "connector",
  connectorPasswordRef: "connector",
  readonlyUserRef: "headgate",
  readonlyPasswordRef: "headgate",
  changeUserRef: "headgate",
  changePasswordRef: "headgate",
};

/** One reference of a database with what Vault last showed; undefined before it was asked for the first time. */
export interface DatabaseReference {
  field: ReferenceField;
  reference: string;
  reader: Reader;
  check: ReferenceCheck | undefined;
}

export type ReferencesState = "ok" | "problem" | "unchecked";

/** By the database's id; Vault is not asked. */
export async function readReferenceStates(
  db: Deps["db"],
  registered: readonly RegisteredDatabase[],
): Promise<Map<string, DatabaseReference[]>> {
  const listed = registered.map((database) => ({ database, references: referencesOf(database) }));
  const texts = listed.flatMap(({ references }) => references.map(({ reference }) => reference));
  const checks = texts.length === 0 ? new Map<string, ReferenceCheck>() : await readStoredChecks(db, texts);
  return new Map(
    listed.map(({ database, references }) => [
      database.id,
      references.map((found) => ({
        ...found,
        check: checks.get(checkKeyText({ cluster: database.cluster, ...found })),
      })),
    ]),
  );
}

/** A problem of one is a problem of all; what nobody asked about is not called well. */
export function referencesState(references: readonly DatabaseReference[]): ReferencesState {
  if (references.some(({ check }) => check !== undefined && check.state !== "ok")) return "problem";
  return references.every(({ check }) => check?.state === "ok") ? "ok" : "unchecked";
}

function referencesOf(database: RegisteredDatabase): Omit<DatabaseReference, "check">[] {
  return fields.flatMap((field) => {
    const reference = database[field];
    return reference === undefined ? [] : [{ field, reference, reader: READERS[field] }];
  });
}

const fields = [
  "connectorUserRef",
  "connectorPasswordRef",
  "readonlyUserRef",
  "readonlyPasswordRef",
  "changeUserRef",
  "changePasswordRef",
] as const satisfies readonly ReferenceField[];
