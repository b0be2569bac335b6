import { join } from "node:path";
import pg from "pg";
import { ensureBuild } from "#server/start/build.ts";
import { requireFreePort } from "#server/start/ports.ts";
import { type Headgate, startHeadgate } from "#server/start/processes.ts";
import { type Endpoints, readAdminUrls } from "./endpoints.ts";
import { headgateEnv, writeHeadgateConfig } from "./headgate-config.ts";

export interface RunOptions {
  /** Name of a database to make anew on the state server; unset: the lab's own, kept from run to run. */
  freshDatabase?: string;
  env?: Record<string, string>;
  say(line: string): void;
}

/** Web and worker of this checkout against a running lab. */
export async function runHeadgateOnLab(endpoints: Endpoints, options: RunOptions): Promise<Headgate> {
  const url = new URL(endpoints.headgateUrl);
  const port = Number(url.port);
  await requireFreePort(port, url.hostname, "--port-base");
  await ensureBuild(options.say);
  await writeHeadgateConfig(endpoints);
  const database: Record<string, string> = options.freshDatabase
    ? { DATABASE_URL: await freshDatabase(endpoints, options.freshDatabase) }
    : {};
  return startHeadgate({
    env: { ...headgateEnv(endpoints), ...database, ...options.env },
    port,
    host: url.hostname,
    logDir: join(endpoints.dir, "logs"),
    readyWithinMs: 120_000,
  });
}

async function freshDatabase(endpoints: Endpoints, name: string): Promise<string> {
  const state = new URL(endpoints.postgres.state.url);
  const client = new pg.Client({ connectionString: readAdminUrls(endpoints).state });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
    await client.query(
      `create database ${client.escapeIdentifier(name)} owner ${client.escapeIdentifier(decodeURIComponent(state.username))}`,
    );
  } finally {
    await client.end();
  }
  state.pathname = `/${name}`;
  return state.href;
}
