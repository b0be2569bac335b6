import type mysql from "mysql2/promise";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { withSingleConnection } from "#server/mariadb/single-connection.ts";
import { readReadonlyCredential } from "./with-readonly-connection.ts";

/**
 * Runs `use` on a read-only connection to a registered MariaDB, with Headgate's own credential. Connecting costs MariaDB
 * next to nothing, so there is no pool: the credential lives as long as the connection.
 */
export async function withReadonlyMariadb<T>(
  deps: Pick<Deps, "vault">,
  database: DatabaseAddress & { id: string },
  use: (client: mysql.Connection) => Promise<T>,
): Promise<T> {
  if (database.engine !== "mariadb") throw new AppError("invalid", "This database is not a MariaDB");
  return withSingleConnection(database, await readReadonlyCredential(deps, database), use);
}
