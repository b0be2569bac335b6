import "server-only";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import { ReportId } from "#domain/reconciliation/schema.ts";
import { recordRefusal } from "#server/audit/record-refusal.ts";
import { exportReport } from "#server/reconciliation/export-report.ts";
import { currentActor } from "./auth/current-actor.ts";
import { HTTP_STATUS } from "./http-status.ts";
import { stateDatabaseOutage } from "./state-database-outage.ts";
import { webDeps } from "./web-deps.ts";

const CONTENT_TYPE = { csv: "text/csv; charset=utf-8", json: "application/json; charset=utf-8" } as const;
const Format = z.enum(["json", "csv"]).catch("json");

/** A reconciliation report as a download; `?format=csv` for a table. */
export async function handleReportExport(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const deps = webDeps();
  try {
    const actor = await currentActor(request.headers);
    if (!actor) throw new AppError("unauthenticated", "Sign in to continue");
    const report = ReportId.safeParse(await params);
    if (!report.success) throw new AppError("not_found", "There is no such report");
    const format = Format.parse(new URL(request.url).searchParams.get("format"));
    const { text, fileName } = await exportReport(deps, actor, { ...report.data, format }).catch(
      async (error: unknown) => {
        if (error instanceof AppError) await recordRefusal(deps, actor, "reconciliation.export", error);
        throw error;
      },
    );
    return new Response(text, {
      headers: {
        "content-type": CONTENT_TYPE[format],
        "content-disposition": `attachment; filename="${fileName}"`,
        "cache-control": "no-store",
      },
    });
  } catch (caught) {
    const error = stateDatabaseOutage(caught) ?? caught;
    if (!(error instanceof AppError)) throw error;
    return new Response(error.message, { status: HTTP_STATUS[error.code] });
  }
}
