import type { GroupRow } from "./dead-letter-outputs.ts";
import type { RepairTarget } from "./repair-target.ts";

/** The open records of these groups. */
export function targetOfGroups(
  groups: readonly Pick<GroupRow, "id" | "cluster" | "open" | "table" | "cause">[],
): RepairTarget {
  const clusters = new Set(groups.map((group) => group.cluster));
  const [first] = groups;
  const isOne = groups.length === 1 && first !== undefined;
  return {
    cluster: clusters.size === 1 ? first?.cluster : undefined,
    selection: { filter: "status:PENDING", groups: groups.map((group) => group.id) },
    records: groups.reduce((sum, group) => sum + group.open, 0),
    of: isOne ? `of ${first.table || "an unknown table"}` : `of ${groups.length} groups`,
  };
}
