import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { jsonChanges } from "#components/ui/json-changes.ts";
import type { Plan } from "./plan-outputs.ts";

/** Before and after, key by key. */
export function PlanChanges({ diff }: { diff: NonNullable<Plan["draft"]["diff"]> }) {
  return <ConfigDiff changes={jsonChanges(diff.before, diff.after)} label="What changes, key by key" />;
}
