import type { Health } from "#domain/connectors/health.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

/** The list's one sentence: how many, and what of them needs a look. */
export function listAnswer(total: number, byHealth: Partial<Record<Health, number>>): string {
  if (total === 0) return "No connector has been seen yet.";
  const parts = (["failed", "degraded", "starting", "paused", "stopped", "unknown"] as const).flatMap(
    (health) => {
      const count = byHealth[health] ?? 0;
      return count > 0 ? [`${formatCount(count)} ${health}`] : [];
    },
  );
  const all = formatCounted(total, "connector");
  return parts.length === 0
    ? `${total === 1 ? "The one connector is" : `All ${all} are`} healthy.`
    : `${all}: ${parts.join(", ")}.`;
}
