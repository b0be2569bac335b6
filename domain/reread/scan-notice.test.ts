import { expect, test } from "vitest";
import { readScanNotice } from "./scan-notice.ts";

const notice = (type: string, status?: string, id = "s1") => ({
  id,
  aggregate_type: "Incremental Snapshot",
  type,
  additional_data: status === undefined ? null : { scanned_collection: "public.orders", status },
});

test.each([
  ["a scan that read to its end", notice("TABLE_SCAN_COMPLETED", "SUCCEEDED"), undefined],
  ["a scan that found nothing", notice("TABLE_SCAN_COMPLETED", "EMPTY"), undefined],
  ["a scan that failed", notice("TABLE_SCAN_COMPLETED", "SQL_EXCEPTION"), "failed"],
  ["a table without a key", notice("TABLE_SCAN_COMPLETED", "NO_PRIMARY_KEY"), "failed"],
  ["the end", notice("COMPLETED"), "ended"],
  ["the end by hand", notice("ABORTED"), "ended"],
  ["another snapshot", notice("COMPLETED", undefined, "s2"), undefined],
  ["something else", "COMPLETED", undefined],
])("%s", (_name, value, expected) => {
  expect(readScanNotice(value, "s1")).toBe(expected);
});
