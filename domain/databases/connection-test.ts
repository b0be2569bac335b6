import { z } from "zod";
import type { DatabaseAddress } from "./schema.ts";

export const ConnectionProblem = z.enum([
  "host_unknown",
  "refused",
  "unreachable",
  "timeout",
  "not_postgresql",
  "not_mariadb",
  "login_method_unknown",
  "tls_unavailable",
  "tls_required",
  "certificate_untrusted",
  "certificate_expired",
  "certificate_other_host",
  "not_let_in",
  "password_wrong",
  "password_unprotected",
  "role_unusable",
  "database_missing",
  "connect_not_granted",
  "too_many_connections",
  "starting_up",
  "credential_unavailable",
  "other",
]);
export type ConnectionProblem = z.infer<typeof ConnectionProblem>;

/** What is known of a failed connection: a driver's or PostgreSQL's code, and a message with no secret in it. */
export interface ConnectionFailure {
  code: string | undefined;
  message: string;
}

/** What the role Headgate logged in with is allowed; its name is a secret's value and stays out. */
export const LoginRole = z.object({
  superuser: z.boolean(),
  replication: z.boolean(),
  createsRoles: z.boolean(),
  createsDatabases: z.boolean(),
  bypassesRowSecurity: z.boolean(),
  /** Tables outside the system schemas it may insert into, update or delete from. */
  writableTables: z.number().int(),
  readableTables: z.number().int(),
});
export type LoginRole = z.infer<typeof LoginRole>;

export const ConnectionTest = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    sentence: z.string(),
    serverVersion: z.string(),
    latencyMs: z.number(),
    /** TLS version, or undefined for a connection in the open. */
    tls: z.string().optional(),
    isStandby: z.boolean(),
    role: LoginRole,
    remarks: z.array(z.string()),
    testedAt: z.coerce.date(),
  }),
  z.object({
    ok: z.literal(false),
    problem: ConnectionProblem,
    sentence: z.string(),
    fix: z.string(),
    testedAt: z.coerce.date(),
  }),
]);
export type ConnectionTest = z.infer<typeof ConnectionTest>;

/** Thrown by the adapter when a server asks for the password in a form others could read. */
export const UNPROTECTED_PASSWORD = "HEADGATE_UNPROTECTED_PASSWORD";

const BY_CODE: Record<string, ConnectionProblem> = {
  ENOTFOUND: "host_unknown",
  EAI_AGAIN: "host_unknown",
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ETIMEDOUT: "timeout",
  ECONNRESET: "not_postgresql",
  EPROTO: "not_postgresql",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_untrusted",
  CERT_SIGNATURE_FAILURE: "certificate_untrusted",
  CERT_HAS_EXPIRED: "certificate_expired",
  CERT_NOT_YET_VALID: "certificate_expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_other_host",
  [UNPROTECTED_PASSWORD]: "password_unprotected",
  "28P01": "password_wrong",
  "3D000": "database_missing",
  "42501": "connect_not_granted",
  "53300": "too_many_connections",
  "57P03": "starting_up",
};

/** PostgreSQL gives 28000 for several refusals, and drivers report some failures in words only. */
const BY_WORDS: readonly [RegExp, ConnectionProblem][] = [
  [/no pg_hba\.conf entry.*(no encryption|SSL off)/i, "tls_required"],
  [/no pg_hba\.conf entry|pg_hba\.conf rejects/i, "not_let_in"],
  [/does not support SSL/i, "tls_unavailable"],
  [/not permitted to log in|role .* does not exist/i, "role_unusable"],
  [/permission denied for database/i, "connect_not_granted"],
  [/too many (connections|clients)|connection slots/i, "too_many_connections"],
  [/timeout|timed out/i, "timeout"],
  [/terminated unexpectedly|unexpected response|SASL|authentication method/i, "not_postgresql"],
];

export function connectionProblem({ code, message }: ConnectionFailure): ConnectionProblem {
  if (code !== undefined && code !== "28000" && BY_CODE[code]) return BY_CODE[code];
  return BY_WORDS.find(([words]) => words.test(message))?.[1] ?? "other";
}

/** Says in words why a connection failed and what to do; `message` must be redacted before. */
export function explainConnectionFailure(
  failure: ConnectionFailure,
  database: Pick<DatabaseAddress, "host" | "port" | "databaseName" | "tlsMode">,
  testedAt: Date,
  problem: ConnectionProblem = connectionProblem(failure),
): Extract<ConnectionTest, { ok: false }> {
  const [sentence, fix] = words(problem, failure, database);
  return { ok: false, problem, sentence, fix, testedAt };
}

function words(
  problem: ConnectionProblem,
  { message }: ConnectionFailure,
  { host, port, databaseName, tlsMode }: Pick<DatabaseAddress, "host" | "port" | "databaseName" | "tlsMode">,
): [sentence: string, fix: string] {
  const where = `${host}:${port}`;
  switch (problem) {
    case "host_unknown":
      return [
        `The host name ${host} is unknown here`,
        "Check its spelling and the name service of the machine Headgate runs on",
      ];
    case "refused":
      return [
        `Nothing accepts connections at ${where}`,
        "Check the port and that PostgreSQL runs and listens on that address",
      ];
    case "unreachable":
      return [
        `There is no network route to ${where}`,
        "Check routes, firewalls and security groups between Headgate and the server",
      ];
    case "timeout":
      return [
        `${where} did not answer in time`,
        "A firewall that drops packets is the usual reason; check that Headgate's machine may reach the port",
      ];
    case "not_postgresql":
      return [
        `${where} cut the connection before the login was done`,
        "Check that the port is PostgreSQL's own, and its log for the reason",
      ];
    case "not_mariadb":
    case "login_method_unknown":
      return [
        `${where} did not let Headgate log in: ${message}`,
        "Check that the port is the database's own, and its log for the reason",
      ];
    case "tls_unavailable":
      return [
        `${where} offers no TLS, and the TLS mode is ${tlsMode}`,
        "Turn ssl on in PostgreSQL, or choose the mode disable if the network is trusted",
      ];
    case "tls_required":
      return [`${where} lets nobody in without TLS`, "Choose the TLS mode verify-full (or require)"];
    case "certificate_untrusted":
      return [
        `The certificate of ${where} is of an authority that is not trusted`,
        "Paste the certificate of the authority that signed it under CA",
      ];
    case "certificate_expired":
      return [
        `The certificate of ${where} is not valid now`,
        "Renew the server's certificate, or correct the clock",
      ];
    case "certificate_other_host":
      return [
        `The certificate of ${where} is for another host name`,
        `Use the name in the certificate as host, or verify-ca if ${host} is right`,
      ];
    case "not_let_in":
      return [
        `pg_hba.conf on ${where} has no entry that lets Headgate in`,
        `Add a line for this database, role and Headgate's address to pg_hba.conf, then: SELECT pg_reload_conf();`,
      ];
    case "password_wrong":
      return [
        `${where} does not accept the user and password of Headgate's read-only credential`,
        "Put the right user and password into the secret in Vault; Headgate reads it again at the next try",
      ];
    case "password_unprotected":
      return [
        `${where} asks for the password in a form that others could read; Headgate does not send it`,
        "Set password_encryption to scram-sha-256 and set the role's password anew, or use TLS with verify-ca or verify-full",
      ];
    case "role_unusable":
      return [
        `The role of Headgate's read-only credential does not exist on ${where} or may not log in`,
        "Create it, or allow it: ALTER ROLE … LOGIN",
      ];
    case "database_missing":
      return [
        `There is no database ${databaseName} on ${where}`,
        "Correct the database's name; PostgreSQL's names are case-sensitive",
      ];
    case "connect_not_granted":
      return [
        `The role of Headgate's read-only credential may not connect to ${databaseName}`,
        `GRANT CONNECT ON DATABASE "${databaseName.replaceAll('"', '""')}" TO … ;`,
      ];
    case "too_many_connections":
      return [`${where} has no free connection`, "Raise max_connections, or close idle sessions"];
    case "starting_up":
      return [`PostgreSQL on ${where} is starting up or shutting down`, "Try again in a moment"];
    case "credential_unavailable":
      return [message, "Check the references of Headgate's read-only credential"];
    case "other":
      return [`The connection to ${where} failed: ${message}`, "Look into PostgreSQL's log for the reason"];
  }
}

/** What is allowed but should not be, or worth knowing, about a login that worked. */
export function loginRemarks(
  role: LoginRole,
  tlsMode: DatabaseAddress["tlsMode"],
  isStandby: boolean,
): string[] {
  const remarks: string[] = [];
  if (role.superuser)
    remarks.push("Headgate's read-only role is a superuser: give it a role of its own that may only read");
  else if (role.writableTables > 0) {
    remarks.push(
      `Headgate's read-only role may write to ${role.writableTables} tables: revoke INSERT, UPDATE and DELETE from it`,
    );
  }
  if (!role.superuser && role.replication)
    remarks.push("Headgate's read-only role has REPLICATION and needs it not");
  if (role.readableTables === 0)
    remarks.push("Headgate's read-only role may read no table: grant it SELECT on what it should compare");
  if (tlsMode === "disable") remarks.push("The connection is not encrypted");
  if (tlsMode === "require")
    remarks.push("The connection is encrypted, but nobody checks who answers: prefer verify-full");
  if (isStandby) remarks.push("This server is a standby");
  return remarks;
}
