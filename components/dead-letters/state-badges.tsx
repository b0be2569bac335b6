import { StatusBadge, type StatusBadgeProps } from "#components/ui/status-badge.tsx";
import type { DeadLetterStatus, GroupStatus } from "#domain/dead-letters/schema.ts";
import { GROUP_STATUS, RECORD_STATUS } from "./state-words.ts";

type Look = Pick<StatusBadgeProps, "look">;

export function GroupBadge({ status, ...look }: { status: GroupStatus } & Look) {
  return (
    <StatusBadge status={GROUP_STATUS[status]} {...look}>
      {status}
    </StatusBadge>
  );
}

/** In the words of the record itself: PENDING, RESOLVED, IGNORED. */
export function RecordBadge({ status, ...look }: { status: DeadLetterStatus } & Look) {
  return (
    <StatusBadge status={RECORD_STATUS[status]} {...look}>
      {status}
    </StatusBadge>
  );
}
