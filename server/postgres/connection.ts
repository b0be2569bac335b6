import pg from "pg";
import { UNPROTECTED_PASSWORD } from "#domain/databases/connection-test.ts";
import type { DatabaseAddress, TlsMode } from "#domain/databases/schema.ts";

export interface Credential {
  user: string;
  password: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Every setting is given, so that no PG* variable of the environment counts. Sessions are read-only whatever the role
 * may do, and unqualified names mean the system catalogue alone.
 */
export function connectionConfig(address: DatabaseAddress, credential: Credential): pg.ClientConfig {
  return {
    host: address.host,
    port: address.port,
    database: address.databaseName,
    user: credential.user,
    password: credential.password,
    ssl: tlsOptions(address.tlsMode, address.tlsCa),
    application_name: "headgate",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Longer than the server's own, which gives the better message; it counts when the network is gone.
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    keepAlive: true,
    options: [
      "-c default_transaction_read_only=on",
      `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      "-c idle_in_transaction_session_timeout=60000",
      "-c search_path=pg_catalog",
      "-c client_min_messages=error",
    ].join(" "),
  };
}

/**
 * A server can ask for the password in the clear, and a false server would. It is sent only where TLS has proven who
 * asks; otherwise the login ends before anything is sent.
 */
export class GuardedClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    const asked = { inTheClear: false };
    const { password } = config;
    super({
      ...config,
      password: () => {
        if (asked.inTheClear && !provesServer(config.ssl)) {
          throw Object.assign(new Error("the server asks for the password in the clear"), {
            code: UNPROTECTED_PASSWORD,
          });
        }
        return typeof password === "string" ? password : "";
      },
    });
    this.connection.on("authenticationCleartextPassword", () => {
      asked.inTheClear = true;
    });
  }
}

function provesServer(ssl: pg.ClientConfig["ssl"]): boolean {
  return typeof ssl === "object" && ssl.rejectUnauthorized === true;
}

function tlsOptions(mode: TlsMode, ca: string | undefined): pg.ClientConfig["ssl"] {
  const authority = ca === undefined ? {} : { ca };
  switch (mode) {
    case "disable":
      return false;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { ...authority, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return { ...authority, rejectUnauthorized: true };
  }
}
