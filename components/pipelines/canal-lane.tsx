import Link from "next/link";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { cn } from "#components/ui/cn.ts";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import type { GateLane, GateMark } from "#domain/pipelines/gate-view.ts";
import { CanalGate } from "./canal-gate.tsx";
import { GAUGE_LINES, LANE_GRID, percent } from "./canal-layout.ts";
import { CanalWater } from "./canal-water.tsx";
import { tablePath } from "./pipeline-path.ts";

export interface CanalLaneProps {
  cluster: string;
  source: string;
  lane: GateLane;
  /** The sink whose gate stands at the end: the one that needs somebody, if any does. */
  gateSink: string | undefined;
  /** The one lane that Tab reaches; arrow keys reach the others. */
  isCurrent: boolean;
}

const GATE_WORDS = { open: "open", closed: "closed", broken: "broken", none: "" } as const;

/** One table's canal. Everything drawn is a link to where it can be looked at, and said in words at the end. */
export function CanalLane({ cluster, source, lane, gateSink, isCurrent }: CanalLaneProps) {
  const { name, targets, verdict, marks, gate } = lane;
  const href = tablePath({ cluster, source }, name);
  return (
    <li
      data-lane={name}
      className={cn(
        LANE_GRID,
        "min-h-(--row-height) border-b py-0.5 last:border-b-0 hover:bg-accent/50 [contain-intrinsic-size:auto_36px] [content-visibility:auto]",
      )}
    >
      <span className="flex min-w-0 items-center gap-1.5 max-md:col-span-2">
        <StatusIcon status={verdict.status} />
        <Link
          href={href}
          scroll={false}
          data-stop
          tabIndex={isCurrent ? 0 : -1}
          className="min-w-0 truncate font-mono text-link text-table hover:underline"
          title={name}
        >
          {name}
        </Link>
      </span>
      <span className="relative block h-7" style={GAUGE_LINES}>
        <CanalWater lane={lane} />
        {marks.map((mark) => (
          <Mark key={mark.id} mark={mark} href={href} table={name} />
        ))}
      </span>
      <span className="flex justify-center">
        {gate !== "none" && gateSink && (
          <Link
            href={connectorPath({ cluster, name: gateSink })}
            data-stop
            tabIndex={-1}
            aria-label={`Gate of ${gateSink}: ${GATE_WORDS[gate]}`}
            title={`Gate of ${gateSink}: ${GATE_WORDS[gate]}`}
            className="rounded-sm"
          >
            <CanalGate gate={gate} />
          </Link>
        )}
      </span>
      <span
        className="truncate font-mono text-muted-foreground text-table max-xl:hidden"
        title={targets.join(", ")}
      >
        {targets.join(", ")}
      </span>
      <span
        className={cn(
          "min-w-0 text-table max-md:col-span-2",
          verdict.status === "healthy" ? "truncate text-muted-foreground max-md:sr-only" : "line-clamp-2",
        )}
        title={verdict.words}
      >
        {verdict.words}
      </span>
    </li>
  );
}

function Mark({ mark, href, table }: { mark: GateMark; href: ReturnType<typeof tablePath>; table: string }) {
  const isCaptured = mark.id === "captured";
  return (
    <Link
      href={href}
      scroll={false}
      data-stop
      tabIndex={-1}
      aria-label={`${table}. ${mark.label}`}
      title={mark.label}
      className="absolute top-1/2 grid size-6 -translate-x-1/2 -translate-y-1/2 place-items-center rounded-full transition-[left] duration-150"
      style={{ left: `clamp(0.5rem, ${percent(mark.at)}, calc(100% - 0.5rem))` }}
    >
      {isCaptured ? (
        <span className="size-3 rotate-45 rounded-[2px] border-2 border-series-1 bg-card" />
      ) : (
        <span className="size-2 rounded-full bg-foreground ring-2 ring-card" />
      )}
    </Link>
  );
}
