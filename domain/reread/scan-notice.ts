import { z } from "zod";

const Notice = z.object({
  id: z.string(),
  type: z.string(),
  additional_data: z.record(z.string(), z.string().nullish()).nullish(),
});

/** How Debezium ends the scan of a table that was read as far as it goes. */
const READ = new Set(["SUCCEEDED", "EMPTY"]);

/**
 * What a notification says of the snapshot with this signal. Debezium completes a snapshot whose scan failed, too: only the
 * table's own status tells.
 */
export function readScanNotice(value: unknown, signalId: string): "failed" | "ended" | undefined {
  const parsed = Notice.safeParse(value);
  if (!parsed.success || parsed.data.id !== signalId) return undefined;
  const { type, additional_data } = parsed.data;
  if (type === "COMPLETED" || type === "ABORTED") return "ended";
  const status = additional_data?.status;
  return type === "TABLE_SCAN_COMPLETED" && status && !READ.has(status) ? "failed" : undefined;
}
