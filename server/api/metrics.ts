import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readEnv } from "#server/env.ts";
import { readMetrics } from "#server/observability/read-metrics.ts";
import { stateDatabaseOutage } from "./state-database-outage.ts";
import { webDeps } from "./web-deps.ts";

const PLAIN = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/**
 * GET /metrics for Prometheus. Names of tables are no public matter, and an address proves nothing behind a proxy: only
 * the token opens it. The file is read each time, so that a new token needs no restart.
 */
export async function handleMetrics(request: Request): Promise<Response> {
  const { HEADGATE_METRICS_TOKEN_FILE: file } = readEnv();
  if (!file)
    return new Response("Metrics are off; set HEADGATE_METRICS_TOKEN_FILE\n", {
      status: 404,
      headers: PLAIN,
    });
  const token = (await readFile(file, "utf8").catch(() => "")).trim();
  const given = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token.length < 16 || given === undefined || !isSame(given, token))
    return new Response("This needs the metrics token as a bearer token\n", {
      status: 401,
      headers: { ...PLAIN, "www-authenticate": "Bearer" },
    });
  try {
    return new Response(await readMetrics(webDeps()), {
      headers: { ...PLAIN, "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  } catch (error) {
    const outage = stateDatabaseOutage(error);
    if (!outage) throw error;
    return new Response(`${outage.message}\n`, { status: 503, headers: PLAIN });
  }
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
