import { cn } from "#components/ui/cn.ts";
import type { GateLane } from "#domain/pipelines/gate-view.ts";
import { percent } from "./canal-layout.ts";

const WAITING: Record<GateLane["verdict"]["status"], string> = {
  failed: "text-failed",
  degraded: "text-degraded",
  held: "text-held",
  unknown: "text-series-1",
  working: "text-series-1",
  healthy: "text-series-1",
};
const STRIPES = {
  backgroundImage:
    "repeating-linear-gradient(115deg, currentColor 0 3px, color-mix(in oklch, currentColor 22%, transparent) 3px 7px)",
};

/** The bed of one lane and what is in it: delivered water, waiting water, and the stretch nobody captures. */
export function CanalWater({ lane }: { lane: GateLane }) {
  const { width, waiting, deliveredFrom, isSourceBroken, marks, verdict } = lane;
  const captured = marks.find(({ id }) => id === "captured")?.at;
  const height = { height: width };
  const middle = "absolute top-1/2 -translate-y-1/2";
  return (
    <>
      <span
        className={cn(
          middle,
          "inset-x-0 h-4.5 rounded-sm border-y bg-background",
          captured === undefined && "border-dashed",
        )}
      />
      {isSourceBroken && captured !== undefined && (
        <span
          className={cn(
            middle,
            "left-0 h-4.5 border-y-2 border-dashed",
            verdict.status === "held" ? "border-held" : "border-failed",
          )}
          style={{ right: percent(1 - captured) }}
        />
      )}
      {deliveredFrom !== null && (
        <span
          className={cn(middle, "right-0 bg-series-1 transition-[left] duration-150")}
          style={{ ...height, left: percent(deliveredFrom) }}
        />
      )}
      {waiting && (
        <span
          className={cn(middle, "min-w-1.5 transition-[left] duration-150", WAITING[verdict.status])}
          style={{
            ...height,
            ...STRIPES,
            left: percent(waiting.from),
            right: percent(1 - Math.max(waiting.to, deliveredFrom ?? 0)),
          }}
        />
      )}
    </>
  );
}
