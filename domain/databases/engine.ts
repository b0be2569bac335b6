import type { DatabaseEngine } from "./schema.ts";

export const ENGINE_NAME: Record<DatabaseEngine, string> = {
  postgresql: "PostgreSQL",
  mariadb: "MariaDB",
  mysql: "MySQL",
  sqlserver: "SQL Server",
  oracle: "Oracle",
  mongodb: "MongoDB",
  cassandra: "Cassandra",
};

/** Engines that can be registered, tested and read today; the others are named so that they can be refused by name. */
export const SUPPORTED_ENGINES: readonly DatabaseEngine[] = ["postgresql", "mariadb"];
