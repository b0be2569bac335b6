import { formatCounted } from "#domain/format/numbers.ts";
import { confirmedIn } from "#domain/reconciliation/run.ts";
import type { Check } from "./reconciliation-outputs.ts";

export type AnsweredCheck = Pick<
  Check,
  "state" | "scope" | "method" | "isVerified" | "message" | "progress" | "counts"
>;

/** What a check found, in a sentence; what it did not look at, or could not judge, is never called equal. */
export function checkAnswer(check: AnsweredCheck): string {
  const { state, message, counts } = check;
  if (state === "QUEUED") return "It waits for a worker.";
  if (state === "RUNNING") return check.progress?.note ?? message ?? "It is under way.";
  if (state === "FAILED") return message ?? "It failed without a reason.";
  if (check.isVerified === false) return message ?? "The rows could not be judged.";
  const unstable = counts?.unstable ?? 0;
  const rest = unstable > 0 ? `; ${formatCounted(unstable, "row")} changed at every look.` : ".";
  const found = counts ? confirmedIn(counts) : 0;
  if (found > 0)
    return `${formatCounted(found, "row")} ${found === 1 ? "differs" : "differ"}, confirmed twice after the target had caught up${rest}`;
  // Single rows are compared by their values, whatever the table's method is.
  if (check.method === "row_count" && check.scope !== "keys")
    return `There are as many rows on both ends; values were not compared${rest}`;
  return `Every ${unstable > 0 ? "other " : ""}row it compared is equal${rest}`;
}
