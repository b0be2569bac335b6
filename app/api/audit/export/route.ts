import { handleAuditExport } from "#server/api/audit-export.ts";

export const dynamic = "force-dynamic";

export { handleAuditExport as POST };
