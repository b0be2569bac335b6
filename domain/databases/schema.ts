import { z } from "zod";
import { plaintextIn, plaintextMessage } from "../credentials/plaintext.ts";
import { ReferenceText } from "../credentials/reference.ts";
import { ENGINE_NAME, SUPPORTED_ENGINES } from "./engine.ts";

export const DatabaseEngine = z.enum([
  "postgresql",
  "mariadb",
  "mysql",
  "sqlserver",
  "oracle",
  "mongodb",
  "cassandra",
]);
export type DatabaseEngine = z.infer<typeof DatabaseEngine>;

export const TlsMode = z.enum(["disable", "require", "verify-ca", "verify-full"]);
export type TlsMode = z.infer<typeof TlsMode>;

export const DatabaseRole = z.enum(["source", "target", "both"]);
export type DatabaseRole = z.infer<typeof DatabaseRole>;

const HOST_LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;
const IPV6 = /^[0-9A-Fa-f:.]{2,45}$/;
/** Where clouds answer with credentials of the machine. */
const LINK_LOCAL = /^((::ffff:)?169\.254\.|fe[89ab][0-9a-f]:|fd00:ec2:)/i;

/** No text of a registration may hold a secret, whatever the field is for. */
function withoutSecrets(text: string, context: z.RefinementCtx): void {
  const kind = plaintextIn(text);
  if (kind !== undefined)
    context.addIssue({ code: "custom", message: plaintextMessage(kind), input: undefined });
}

export const DatabaseName = z
  .string()
  .trim()
  .min(1, "Give the database a name")
  .max(60, "At most 60 characters")
  .regex(/^[a-z0-9][a-z0-9-]*$/, "Lower-case letters, digits and dashes; starts with a letter or digit")
  .superRefine(withoutSecrets);

const Host = z
  .string()
  .trim()
  .min(1, "Name the host")
  .max(253, "At most 253 characters")
  .refine((host) => isHost(host), "A host name or IP address alone, without scheme, port, user or path")
  .refine((host) => !LINK_LOCAL.test(host), "No database is at a link-local address")
  .superRefine(withoutSecrets);

const Port = z.number("A port number").int("A whole number").min(1, "1 to 65535").max(65_535, "1 to 65535");

const CatalogName = z
  .string()
  .trim()
  .min(1, "Name the database on the server")
  .max(63, "At most 63 characters")
  .regex(/^[\p{L}\p{N}_$.-]+$/u, "Letters, digits, underscore, dot, dash and $ only")
  .superRefine(withoutSecrets);

const RoleName = z
  .string()
  .trim()
  .max(63, "At most 63 characters")
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_$.@-]*$/u, "Letters, digits, underscore, dot, dash, @ and $ only")
  .superRefine(withoutSecrets);

/** Certificates are public; any other PEM block is refused. */
const CertificateAuthority = z
  .string()
  .trim()
  .max(100_000, "At most 100,000 characters")
  .regex(
    /^(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
    "PEM certificates only: -----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----. A private key never belongs here",
  );

const blank = z.literal("").transform(() => undefined);
const optional = <T extends z.ZodType>(schema: T) => z.union([blank, schema]).optional();

const fields = z.object({
  name: DatabaseName,
  engine: DatabaseEngine,
  host: Host,
  port: Port,
  /** Name of the database on its server. */
  databaseName: CatalogName,
  tlsMode: TlsMode,
  tlsCa: optional(CertificateAuthority),
  /** Whose Vault holds the references. */
  cluster: z.string().min(1, "Choose the cluster"),
  role: DatabaseRole,
  /** Name of the role connectors log in with, so that its rights can be looked up; not a secret. */
  connectorRole: optional(RoleName),
  connectorUserRef: ReferenceText,
  connectorPasswordRef: ReferenceText,
  readonlyUserRef: ReferenceText,
  readonlyPasswordRef: ReferenceText,
  changeUserRef: optional(ReferenceText),
  changePasswordRef: optional(ReferenceText),
});

type Fields = z.output<typeof fields>;

/** What belongs together across fields; the same for registering and for updating. */
function judgeTogether(database: Fields, context: z.RefinementCtx): void {
  const at = (path: keyof Fields, message: string) =>
    context.addIssue({ code: "custom", path: [path], message, input: undefined });
  if (!SUPPORTED_ENGINES.includes(database.engine)) {
    at("engine", `${ENGINE_NAME[database.engine]} cannot be registered yet; PostgreSQL and MariaDB can`);
  }
  if (database.engine === "mariadb" && database.role !== "source") {
    at("role", "MariaDB can be a source; targets are PostgreSQL");
  }
  if (database.tlsCa !== undefined && !database.tlsMode.startsWith("verify")) {
    at("tlsCa", "A CA is looked at with verify-ca and verify-full only");
  }
  const hasUser = database.changeUserRef !== undefined;
  const hasPassword = database.changePasswordRef !== undefined;
  if (hasUser !== hasPassword) {
    at(hasUser ? "changePasswordRef" : "changeUserRef", "The change credential needs a user and a password");
  }
  if (hasUser && database.role === "source") {
    at("changeUserRef", "A change credential is for targets: Headgate never writes to a source");
  }
  const connector = [database.connectorPasswordRef, database.connectorUserRef];
  if (connector.includes(database.readonlyPasswordRef)) {
    at(
      "readonlyPasswordRef",
      "Headgate's read-only credential must not be the connectors': it never reads theirs",
    );
  }
  if (database.changePasswordRef !== undefined && connector.includes(database.changePasswordRef)) {
    at("changePasswordRef", "The change credential must not be the connectors': Headgate never reads theirs");
  }
}

/** A source or target as somebody registers it: where it is, how it is encrypted, and where its credentials are. */
export const DatabaseDraft = fields.superRefine(judgeTogether);
export type DatabaseDraft = z.output<typeof DatabaseDraft>;
export type DatabaseDraftInput = z.input<typeof DatabaseDraft>;

export const DatabaseId = z.object({ id: z.uuid() });
export type DatabaseId = z.infer<typeof DatabaseId>;

/** The whole registration again; `version` is the one that was read, so that nobody overwrites a change unseen. */
export const DatabaseUpdate = fields
  .extend({ id: z.uuid(), version: z.number().int().positive() })
  .superRefine((update, context) => judgeTogether(update, context));
export type DatabaseUpdate = z.output<typeof DatabaseUpdate>;

export const DatabaseRemoval = DatabaseId.extend({ version: z.number().int().positive() });
export type DatabaseRemoval = z.infer<typeof DatabaseRemoval>;

/** What a connection needs; a registered database has it, and so has a draft. */
export type DatabaseAddress = Pick<
  DatabaseDraft,
  | "engine"
  | "host"
  | "port"
  | "databaseName"
  | "tlsMode"
  | "tlsCa"
  | "cluster"
  | "readonlyUserRef"
  | "readonlyPasswordRef"
>;

export const TableListQuery = DatabaseId.extend({
  /** Part of `schema.table`, any case. */
  search: z.string().max(200).default(""),
  limit: z.number().int().min(1).max(5_000).default(2_000),
});
export type TableListQuery = z.infer<typeof TableListQuery>;

/** `schema.table` as the catalogue spells it; the first dot separates. */
export const QualifiedTable = z
  .string()
  .min(3)
  .max(127)
  .regex(/^[^.\s][^.]*\..+$/, "Write schema.table");

/** What can be asked about a source before a connector reads it. */
export const ReadinessQuery = z.object({
  databaseId: z.uuid(),
  tables: z.array(QualifiedTable).max(2_000).optional(),
  slotName: z
    .string()
    .max(63)
    .regex(/^[a-z0-9_]+$/, "Slot names hold lower-case letters, digits and underscore only")
    .optional(),
  publicationName: z.string().min(1).max(63).optional(),
});
export type ReadinessQuery = z.infer<typeof ReadinessQuery>;

function isHost(host: string): boolean {
  if (host.includes(":")) return IPV6.test(host);
  return host.split(".").every((label) => HOST_LABEL.test(label));
}
