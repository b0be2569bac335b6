import mysql from "mysql2/promise";
import { UNPROTECTED_PASSWORD } from "#domain/databases/connection-test.ts";
import type { DatabaseAddress, TlsMode } from "#domain/databases/schema.ts";

export interface Credential {
  user: string;
  password: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * A read-only session: whatever the account may do, the server refuses to write, and every statement has a deadline.
 * Values come as the server's text, so that no number or date is rounded on the way.
 */
export async function openReadonly(
  address: DatabaseAddress,
  credential: Credential,
  statementTimeoutMs: number = STATEMENT_TIMEOUT_MS,
): Promise<mysql.Connection> {
  const client = await mysql.createConnection(connectionOptions(address, credential));
  client.on("error", () => undefined);
  try {
    await client.query(
      `set session tx_read_only = on, session sql_mode = '', session time_zone = '+00:00', session max_statement_time = ${statementTimeoutMs / 1_000}`,
    );
  } catch (error) {
    client.destroy();
    throw error;
  }
  return client;
}

export function connectionOptions(address: DatabaseAddress, credential: Credential): mysql.ConnectionOptions {
  return {
    host: address.host,
    port: address.port,
    database: address.databaseName,
    user: credential.user,
    password: credential.password,
    ...tlsOptions(address.tlsMode, address.tlsCa),
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    charset: "utf8mb4_bin",
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    multipleStatements: false,
    // The server must not be able to ask for files of this machine.
    flags: ["-LOCAL_FILES"],
    authPlugins: { sha256_password: refusePlugin, caching_sha2_password: refusePlugin },
    connectAttributes: { program_name: "headgate" },
  };
}

/** Both hand the password to whoever answers, under a key that only TLS could vouch for. MariaDB's own plugins prove it instead. */
function refusePlugin(): never {
  throw Object.assign(new Error("the server asks for the password in a form that it could read"), {
    code: UNPROTECTED_PASSWORD,
  });
}

function tlsOptions(mode: TlsMode, ca: string | undefined): Pick<mysql.ConnectionOptions, "ssl"> {
  const authority = ca === undefined ? {} : { ca };
  switch (mode) {
    case "disable":
      return {};
    case "require":
      return { ssl: { rejectUnauthorized: false } };
    case "verify-ca":
      return { ssl: { ...authority, rejectUnauthorized: true, verifyIdentity: false } };
    case "verify-full":
      return { ssl: { ...authority, rejectUnauthorized: true, verifyIdentity: true } };
  }
}
