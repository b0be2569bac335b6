import type { DataColumn } from "#components/data-table/data-column.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { activityWords } from "#domain/plans/activity.ts";
import { ActivityBadge } from "./activity-badge.tsx";
import type { PlanRow } from "./plan-outputs.ts";
import { planPath } from "./plan-path.ts";

export const PLAN_COLUMNS: readonly DataColumn<PlanRow>[] = [
  {
    id: "title",
    header: "Plan",
    width: 340,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.title,
    cell: (row) => (
      <HoverLink
        href={planPath(row.id)}
        className="block truncate text-link hover:underline"
        title={row.title}
      >
        {row.title}
      </HoverLink>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 150,
    sortable: true,
    exportValue: (row) => row.state,
    cell: (row) => (
      <ActivityBadge state={row.state} {...(row.awaitsApproval ? { words: "awaits approval" } : {})} />
    ),
  },
  {
    id: "steps",
    header: "Steps",
    width: 90,
    align: "right",
    exportValue: (row) => row.run?.stepsDone,
    cell: (row) => (row.run ? `${row.run.stepsDone} / ${row.run.stepsTotal}` : ""),
  },
  {
    id: "about",
    header: "About",
    width: 220,
    exportValue: (row) => Object.values(row.subject).join(" "),
    cell: (row) => {
      const text = Object.values(row.subject).join(" / ");
      return (
        <span className="block truncate font-mono" title={text}>
          {text}
        </span>
      );
    },
  },
  {
    id: "author",
    header: "Proposed by",
    width: 140,
    sortable: true,
    exportValue: (row) => row.author.name,
    cell: (row) => <span className="block truncate">{row.author.name}</span>,
  },
  {
    id: "proposed",
    header: "Proposed",
    width: 110,
    sortable: true,
    exportValue: (row) => row.proposedAt,
    cell: (row) => <TimeStamp value={row.proposedAt} event="proposed" inRow />,
  },
  {
    id: "ended",
    header: "Ended",
    width: 110,
    sortable: true,
    exportValue: (row) => row.run?.endedAt,
    cell: (row) =>
      row.run?.endedAt ? <TimeStamp value={row.run.endedAt} event="ended" inRow /> : <NotEnded row={row} />,
  },
  {
    id: "message",
    header: "Message",
    width: 320,
    hidden: true,
    exportValue: (row) => row.run?.message,
    cell: (row) => (
      <span className="block truncate text-muted-foreground" title={row.run?.message ?? undefined}>
        {row.run?.message}
      </span>
    ),
  },
  {
    id: "level",
    header: "Level",
    width: 70,
    align: "right",
    sortable: true,
    hidden: true,
    exportValue: (row) => row.level,
    cell: (row) => row.level,
  },
  {
    id: "started",
    header: "Started by",
    width: 140,
    hidden: true,
    exportValue: (row) => row.run?.startedBy,
    cell: (row) => <span className="block truncate">{row.run?.startedBy}</span>,
  },
  {
    id: "kind",
    header: "Kind",
    width: 140,
    hidden: true,
    exportValue: (row) => row.kind,
    cell: (row) => <span className="block truncate font-mono">{row.kind}</span>,
  },
];

function NotEnded({ row }: { row: PlanRow }) {
  return <span className="text-muted-foreground">{row.run ? activityWords(row.state) : ""}</span>;
}
