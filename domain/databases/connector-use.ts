import { formatReference, referencesIn } from "../credentials/reference.ts";

/** What of a connector's configuration says which database it works with. */
export interface ConnectorConnection {
  hostname: string | null;
  port: string | null;
  database: string | null;
  /** A JDBC sink's address. */
  url: string | null;
  /** Password keys, with references unresolved. */
  password: string | null;
}

interface UsedDatabase {
  host: string;
  port: number;
  databaseName: string;
  connectorPasswordRef: string;
}

/** By address or by credential: a name that resolves to the same server in another spelling is not known to be the same. */
export function usesDatabase(
  connection: ConnectorConnection,
  database: UsedDatabase,
  provider: string,
): boolean {
  const references = referencesIn(connection.password ?? "", provider).map(formatReference);
  if (references.includes(database.connectorPasswordRef)) return true;
  const address = connection.url === null ? sourceAddress(connection) : jdbcAddress(connection.url);
  return (
    address !== undefined &&
    address.host === database.host.toLowerCase() &&
    address.port === database.port &&
    address.database === database.databaseName
  );
}

interface Address {
  host: string;
  port: number;
  database: string;
}

function sourceAddress({ hostname, port, database }: ConnectorConnection): Address | undefined {
  if (hostname === null || database === null) return undefined;
  return { host: hostname.toLowerCase(), port: Number(port ?? "5432"), database };
}

function jdbcAddress(url: string): Address | undefined {
  const match = /^jdbc:postgresql:\/\/(\[[^\]]+\]|[^/:?,]+)(?::(\d+))?\/([^?;]+)/.exec(url);
  if (!match) return undefined;
  const [, host = "", port = "5432", database = ""] = match;
  return {
    host: host.replace(/^\[|\]$/g, "").toLowerCase(),
    port: Number(port),
    database: decodeURIComponent(database),
  };
}
