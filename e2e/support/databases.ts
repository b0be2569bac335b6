import pg from "pg";
import { type AdminUrls, type Endpoints, readAdminUrls, readEndpoints } from "#lab/endpoints.ts";

export function labEndpoints(): Endpoints {
  return readEndpoints(process.env.HEADGATE_LAB_DIR ?? ".headgate/test");
}

/** One statement on one of the lab's databases, as its owner. */
export async function query<Row extends pg.QueryResultRow>(
  database: keyof AdminUrls,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: readAdminUrls(labEndpoints())[database] });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
