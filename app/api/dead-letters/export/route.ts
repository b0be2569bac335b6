import { handleDeadLetterExport } from "#server/api/dead-letter-export.ts";

export const dynamic = "force-dynamic";

export { handleDeadLetterExport as POST };
