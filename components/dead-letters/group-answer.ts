import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { Group } from "./dead-letter-outputs.ts";

/** What about this cause, in a sentence. */
export function groupAnswer(
  group: Pick<Group, "open" | "records" | "keys" | "status" | "muteUntilCount" | "muteUntilAt">,
): string {
  const { open, records, keys, status } = group;
  switch (status) {
    case "resolved":
      return `${records === 1 ? "Its one record is" : `All ${formatCount(records)} records are`} settled. A new one makes it regressed.`;
    case "muted":
      return `${formatCounted(open, "record")} open, put aside until ${wakes(group)}.`;
    case "regressed":
      return `It was resolved and has come back: ${formatCounted(open, "record")} of about ${formatCounted(keys, "row")} ${open === 1 ? "waits" : "wait"} for a repair.`;
    case "open":
      return `${formatCounted(open, "record")} of about ${formatCounted(keys, "row")} ${open === 1 ? "waits" : "wait"} for a repair.`;
  }
}

function wakes({ muteUntilCount, muteUntilAt }: Pick<Group, "muteUntilCount" | "muteUntilAt">): string {
  if (muteUntilCount !== null) return `it has ${formatCount(muteUntilCount)} records`;
  if (muteUntilAt !== null)
    return `its first record after ${muteUntilAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return "somebody unmutes it";
}
