import type { DatabaseDraftInput } from "#domain/databases/schema.ts";
import type { DatabaseView } from "./database-outputs.ts";

export const FIELD_LABELS = {
  name: "Name",
  engine: "Engine",
  host: "Host",
  port: "Port",
  databaseName: "Database",
  tlsMode: "TLS",
  tlsCa: "CA certificates",
  cluster: "Cluster",
  role: "Role",
  connectorRole: "Connectors' role",
  connectorUserRef: "Connectors' user",
  connectorPasswordRef: "Connectors' password",
  readonlyUserRef: "Headgate's read-only user",
  readonlyPasswordRef: "Headgate's read-only password",
  changeUserRef: "Change user",
  changePasswordRef: "Change password",
} as const satisfies Record<keyof DatabaseDraftInput, string>;

export type FormField = keyof typeof FIELD_LABELS;

export function isFormField(name: string): name is FormField {
  return name in FIELD_LABELS;
}

/** So that the summary of errors can lead to the control. */
export function fieldId(field: FormField): string {
  return `database-${field}`;
}

export function emptyDraft(cluster: string): DatabaseDraftInput {
  return {
    name: "",
    engine: "postgresql",
    host: "",
    port: 5432,
    databaseName: "",
    tlsMode: "verify-full",
    tlsCa: "",
    cluster,
    role: "source",
    connectorRole: "",
    connectorUserRef: "",
    connectorPasswordRef: "",
    readonlyUserRef: "",
    readonlyPasswordRef: "",
    changeUserRef: "",
    changePasswordRef: "",
  };
}

export function draftOf(database: DatabaseView): DatabaseDraftInput {
  return {
    name: database.name,
    engine: database.engine,
    host: database.host,
    port: database.port,
    databaseName: database.databaseName,
    tlsMode: database.tlsMode,
    tlsCa: database.tlsCa ?? "",
    cluster: database.cluster,
    role: database.role,
    connectorRole: database.connectorRole ?? "",
    connectorUserRef: database.connectorUserRef,
    connectorPasswordRef: database.connectorPasswordRef,
    readonlyUserRef: database.readonlyUserRef,
    readonlyPasswordRef: database.readonlyPasswordRef,
    changeUserRef: database.changeUserRef ?? "",
    changePasswordRef: database.changePasswordRef ?? "",
  };
}
