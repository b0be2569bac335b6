import { cn } from "#components/ui/cn.ts";
import { GAUGE, positionOf } from "#domain/pipelines/gate-view.ts";
import { LANE_GRID, percent } from "./canal-layout.ts";

/** What distance means on the canal: how long ago the source committed the event that stands there. */
export function CanalGauge() {
  return (
    <div className={cn(LANE_GRID, "border-b pb-1 text-meta text-muted-foreground")} aria-hidden>
      <span className="max-md:hidden">Table</span>
      <span className="relative block h-4">
        <span className="absolute left-0">now</span>
        {GAUGE.map(({ label, ageMs }, index) => (
          <span
            key={label}
            className={cn("absolute -translate-x-1/2 whitespace-nowrap", index % 2 === 0 && "max-sm:hidden")}
            style={{ left: percent(positionOf(ageMs)) }}
          >
            {label}
          </span>
        ))}
      </span>
      <span />
      <span className="max-xl:hidden">Target</span>
      <span className="max-md:hidden">In words</span>
    </div>
  );
}
