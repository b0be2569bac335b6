import { handleRunItemsExport } from "#server/api/run-items-export.ts";

export const dynamic = "force-dynamic";

export { handleRunItemsExport as GET };
