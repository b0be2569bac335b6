import { handleReportExport } from "#server/api/reconciliation-export.ts";

export const dynamic = "force-dynamic";

export { handleReportExport as GET };
