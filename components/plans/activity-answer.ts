import { formatCount } from "#domain/format/numbers.ts";
import type { ActivityState } from "#domain/plans/activity.ts";

type Counts = Partial<Record<ActivityState, number>>;

/** “What needs me, and what is going on?” in a sentence. */
export function activityAnswer(counts: Counts): string {
  const waiting = (counts.proposed ?? 0) + (counts.approved ?? 0);
  const going = (counts.queued ?? 0) + (counts.running ?? 0) + (counts.aborting ?? 0);
  const parts = [
    part(counts.needs_attention, "run needs attention", "runs need attention"),
    part(going, "run is going on", "runs are going on"),
    part(waiting, "plan waits to be started", "plans wait to be started"),
  ].filter((text) => text !== undefined);
  if (parts.length === 0) return "Nothing is running and nothing waits for a person.";
  return `${parts.join(", ")}.`;
}

function part(count: number | undefined, one: string, many: string): string | undefined {
  if (!count) return undefined;
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
