import "server-only";
import { ExportRecordsForm } from "#domain/dead-letters/export.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { recordRefusal } from "#server/audit/record-refusal.ts";
import { exportRecords } from "#server/dead-letters/export-records.ts";
import { currentActor } from "./auth/current-actor.ts";
import { HTTP_STATUS } from "./http-status.ts";
import { stateDatabaseOutage } from "./state-database-outage.ts";
import { textStream } from "./text-stream.ts";
import { webDeps } from "./web-deps.ts";

const CONTENT_TYPE = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" } as const;

/** POST of the export form: the selection as form fields, the dead letters as a download. */
export async function handleDeadLetterExport(request: Request): Promise<Response> {
  const deps = webDeps();
  try {
    const actor = await currentActor(request.headers);
    if (!actor) throw new AppError("unauthenticated", "Sign in to continue");
    const input = ExportRecordsForm.safeParse(Object.fromEntries(new URLSearchParams(await request.text())));
    if (!input.success) throw new AppError("invalid", "This selection is not understood");
    const { records, lines } = await exportRecords(deps, actor, input.data).catch(async (error: unknown) => {
      if (error instanceof AppError) await recordRefusal(deps, actor, "dead-letter.export", error);
      throw error;
    });
    const day = deps.now().toISOString().slice(0, 10);
    return new Response(textStream(lines), {
      headers: {
        "content-type": CONTENT_TYPE[input.data.format],
        "content-disposition": `attachment; filename="headgate-dead-letters-${day}.${input.data.format}"`,
        "cache-control": "no-store",
        "x-headgate-records": String(records),
      },
    });
  } catch (caught) {
    const error = stateDatabaseOutage(caught) ?? caught;
    if (!(error instanceof AppError)) throw error;
    return new Response(error.message, { status: HTTP_STATUS[error.code] });
  }
}
