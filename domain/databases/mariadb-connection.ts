import {
  type ConnectionFailure,
  type ConnectionProblem,
  type ConnectionTest,
  connectionProblem,
  explainConnectionFailure,
} from "./connection-test.ts";
import type { DatabaseAddress } from "./schema.ts";

/** Names of MariaDB's error codes, and the driver's own. */
const BY_CODE: Record<string, ConnectionProblem> = {
  ER_ACCESS_DENIED_ERROR: "password_wrong",
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "password_wrong",
  ER_DBACCESS_DENIED_ERROR: "connect_not_granted",
  ER_BAD_DB_ERROR: "database_missing",
  ER_CON_COUNT_ERROR: "too_many_connections",
  ER_USER_LIMIT_REACHED: "too_many_connections",
  ER_TOO_MANY_USER_CONNECTIONS: "too_many_connections",
  ER_HOST_NOT_PRIVILEGED: "not_let_in",
  ER_HOST_IS_BLOCKED: "not_let_in",
  ER_ACCOUNT_HAS_BEEN_LOCKED: "role_unusable",
  ER_MUST_CHANGE_PASSWORD_LOGIN: "role_unusable",
  ER_SERVER_SHUTDOWN: "starting_up",
  ER_SECURE_TRANSPORT_REQUIRED: "tls_required",
  HANDSHAKE_NO_SSL_SUPPORT: "tls_unavailable",
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: "password_unprotected",
  PROTOCOL_CONNECTION_LOST: "not_mariadb",
  ECONNRESET: "not_mariadb",
  EPROTO: "not_mariadb",
  ETIMEDOUT: "timeout",
};

const BY_WORDS: readonly [RegExp, ConnectionProblem][] = [
  [/unknown plugin|auth(entication)? (plugin|switch)/i, "login_method_unknown"],
  [/packets out of order|unexpected packet|invalid packet|malformed/i, "not_mariadb"],
  [/require_secure_transport|insecure transport/i, "tls_required"],
];

export function mariadbProblem(failure: ConnectionFailure): ConnectionProblem {
  const { code, message } = failure;
  const own = code === undefined ? undefined : BY_CODE[code];
  return own ?? BY_WORDS.find(([words]) => words.test(message))?.[1] ?? connectionProblem(failure);
}

type Place = Pick<DatabaseAddress, "host" | "port" | "databaseName" | "tlsMode">;

/** Says in words why a connection to MariaDB failed and what to do; `message` must be redacted before. */
export function explainMariadbFailure(
  failure: ConnectionFailure,
  database: Place,
  testedAt: Date,
): Extract<ConnectionTest, { ok: false }> {
  const problem = mariadbProblem(failure);
  const own = words(problem, failure, database);
  if (!own) return { ...explainConnectionFailure(failure, database, testedAt, problem) };
  const [sentence, fix] = own;
  return { ok: false, problem, sentence, fix, testedAt };
}

/** Only where MariaDB differs from what is said of any server. */
function words(
  problem: ConnectionProblem,
  { message }: ConnectionFailure,
  { host, port, databaseName, tlsMode }: Place,
): [sentence: string, fix: string] | undefined {
  const where = `${host}:${port}`;
  switch (problem) {
    case "refused":
      return [
        `Nothing accepts connections at ${where}`,
        "Check the port and that MariaDB runs and listens on that address (bind-address)",
      ];
    case "not_mariadb":
      return [
        `${where} does not answer as MariaDB does`,
        "Check that the port is MariaDB's own, and its log for the reason",
      ];
    case "login_method_unknown":
      return [
        `The account of Headgate's read-only credential logs in by a method Headgate does not speak`,
        "Let it log in with mysql_native_password: ALTER USER … IDENTIFIED VIA mysql_native_password USING PASSWORD('…')",
      ];
    case "tls_unavailable":
      return [
        `${where} offers no TLS, and the TLS mode is ${tlsMode}`,
        "Give MariaDB a certificate (ssl_cert, ssl_key), or choose the mode disable if the network is trusted",
      ];
    case "not_let_in":
      return [
        `MariaDB on ${where} lets nobody in from Headgate's address`,
        "Create the account for this address ('name'@'address'); after too many failed tries: FLUSH HOSTS",
      ];
    case "password_unprotected":
      return [
        `${where} asks for the password in a form that others could read; Headgate does not send it`,
        "Let the account log in with mysql_native_password",
      ];
    case "role_unusable":
      return [
        `The account of Headgate's read-only credential is locked or its password has expired`,
        "ALTER USER … ACCOUNT UNLOCK, or set its password anew",
      ];
    case "database_missing":
      return [
        `There is no database ${databaseName} on ${where}`,
        "Correct the database's name; on Linux, MariaDB's names are case-sensitive",
      ];
    case "connect_not_granted":
      return [
        `The account of Headgate's read-only credential has no right in ${databaseName}`,
        `GRANT SELECT ON \`${databaseName.replaceAll("`", "``")}\`.* TO … ;`,
      ];
    case "starting_up":
      return [`MariaDB on ${where} is starting up or shutting down`, "Try again in a moment"];
    case "other":
      return [`The connection to ${where} failed: ${message}`, "Look into MariaDB's log for the reason"];
    default:
      return undefined;
  }
}
