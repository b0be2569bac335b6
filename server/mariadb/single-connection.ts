import type mysql from "mysql2/promise";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { type Credential, openReadonly } from "./connection.ts";
import { connectFailure, queryFailure } from "./failures.ts";

/** One read-only connection, closed at the end. */
export async function withSingleConnection<T>(
  address: DatabaseAddress,
  credential: Credential,
  use: (client: mysql.Connection) => Promise<T>,
): Promise<T> {
  const secrets = [credential.password, credential.user];
  const client = await openReadonly(address, credential).catch((error: unknown) => {
    throw connectFailure(error, address, secrets);
  });
  try {
    return await use(client);
  } catch (error) {
    throw queryFailure(error, address, secrets);
  } finally {
    client.destroy();
  }
}
