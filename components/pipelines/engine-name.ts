import type { Engine } from "#domain/catalog/derive-pipelines.ts";

export const ENGINE_NAME: Record<Engine, string> = {
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlserver: "SQL Server",
  oracle: "Oracle",
  mongodb: "MongoDB",
  cassandra: "Cassandra",
  other: "another source",
};
