import "server-only";
import { AppError } from "#domain/errors/app-error.ts";
import { RunId } from "#domain/plans/schema.ts";
import { exportRunItems } from "#server/plans/list-run-items.ts";
import { currentActor } from "./auth/current-actor.ts";
import { HTTP_STATUS } from "./http-status.ts";
import { stateDatabaseOutage } from "./state-database-outage.ts";
import { textStream } from "./text-stream.ts";
import { webDeps } from "./web-deps.ts";

/** A run's results as a CSV download; `q` is the filter of the list. */
export async function handleRunItemsExport(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const deps = webDeps();
  try {
    const actor = await currentActor(request.headers);
    if (!actor) throw new AppError("unauthenticated", "Sign in to continue");
    const run = RunId.safeParse(await params);
    if (!run.success) throw new AppError("not_found", "There is no such run");
    const filter = new URL(request.url).searchParams.get("q") ?? "";
    const lines = await exportRunItems(deps, actor, { runId: run.data.id, filter });
    return new Response(textStream(lines), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="headgate-run-${run.data.id}.csv"`,
        "cache-control": "no-store",
      },
    });
  } catch (caught) {
    const error = stateDatabaseOutage(caught) ?? caught;
    if (!(error instanceof AppError)) throw error;
    return new Response(error.message, { status: HTTP_STATUS[error.code] });
  }
}
