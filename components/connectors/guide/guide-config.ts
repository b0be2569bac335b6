import type { DatabaseConnection } from "#domain/connectors/database-connection.ts";
import { buildJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource } from "#domain/connectors/postgres-source.ts";
import { formatConnectReference, referenceOf } from "#domain/credentials/reference.ts";
import type { GuideCluster } from "../connector-outputs.ts";
import type { GuideState } from "./guide-draft.ts";

/** What the guide needs of a registered database. */
export interface GuideDatabase {
  host: string;
  port: number;
  databaseName: string;
  tlsMode: DatabaseConnection["tls"];
  connectorUserRef: string;
  connectorPasswordRef: string;
}

/** The configuration the answers amount to; credentials as references in the workers' form. */
export function guideConfig(
  state: GuideState,
  database: GuideDatabase | undefined,
  cluster: GuideCluster,
): Record<string, string> {
  if (state.kind === "import" || !database) return state.imported;
  const connection: DatabaseConnection = {
    host: database.host,
    port: database.port,
    database: database.databaseName,
    tls: database.tlsMode,
    userReference: formatConnectReference(referenceOf(database.connectorUserRef), cluster.configProvider),
    passwordReference: formatConnectReference(
      referenceOf(database.connectorPasswordRef),
      cluster.configProvider,
    ),
  };
  return state.kind === "source"
    ? buildPostgresSource(state.source, connection, cluster)
    : buildJdbcSink(state.sink, connection, cluster);
}
