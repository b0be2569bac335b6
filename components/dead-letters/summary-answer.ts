import { formatAge, formatDuration } from "#domain/format/durations.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { Summary } from "./dead-letter-outputs.ts";

/** How much waits for a repair and how long it can wait, in a sentence. */
export function summaryAnswer(
  { open, keys, tables, groups, oldest, topics }: Omit<Summary, "checkedAt">,
  now: number,
): string {
  if (topics.total === 0)
    return "No dead-letter topic has been found yet: no sink names one in its configuration.";
  if (open === 0) return "Nothing waits for a repair.";
  const causes = groups.open + groups.regressed + groups.muted;
  const rows = keys === 0 ? "" : ` of about ${formatCounted(keys, "row")}`;
  const where = tables === 1 ? "one table" : `${formatCount(tables)} tables`;
  const waiting = `${formatCounted(open, "record")}${rows} in ${where} ${open === 1 ? "waits" : "wait"} for a repair, from ${formatCounted(causes, "cause")}.`;
  return oldest ? `${waiting} ${ageOf(oldest, now)}` : waiting;
}

function ageOf({ failedAt, expiresAt }: NonNullable<Summary["oldest"]>, now: number): string {
  const age = formatAge(Math.max(0, now - failedAt.getTime()));
  const old = age === "now" ? "The oldest failed just now" : `The oldest failed ${age} ago`;
  if (expiresAt === null) return `${old}.`;
  const left = expiresAt.getTime() - now;
  return left <= 0
    ? `${old}; Kafka may have removed its bytes already.`
    : `${old}; Kafka keeps its bytes for another ${formatDuration(left)}.`;
}
