import { readHealth } from "#server/api/health.ts";
import { webDeps } from "#server/api/web-deps.ts";

export const dynamic = "force-dynamic";

/** 200 when ready to serve, 503 otherwise; `?live` only says that the process answers. */
export async function GET(request: Request): Promise<Response> {
  const headers = { "cache-control": "no-store" };
  if (new URL(request.url).searchParams.has("live")) return Response.json({ live: true }, { headers });
  const health = await readHealth(webDeps());
  return Response.json({ live: true, ...health }, { status: health.ready ? 200 : 503, headers });
}
