import type { DataColumn } from "#components/data-table/data-column.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { AuditActRow } from "#server/audit/list-audit-entries.ts";
import { OUTCOME_STATUS } from "./outcome-words.ts";
import { subjectText } from "./subject-text.ts";

export const AUDIT_COLUMNS: readonly DataColumn<AuditActRow>[] = [
  {
    id: "seq",
    header: "No.",
    width: 72,
    hidden: true,
    align: "right",
    cell: ({ seq }) => <Mono className="text-muted-foreground">{seq}</Mono>,
    exportValue: ({ seq }) => seq,
  },
  {
    id: "at",
    header: "When",
    width: 205,
    fixed: true,
    cell: ({ at }) => <TimeStamp value={at} event="asked for" absolute inRow />,
    exportValue: ({ at }) => at,
  },
  {
    id: "actor",
    header: "Who",
    width: 135,
    fixed: true,
    cell: ({ actor }) => <span title={actor.roles.join(", ") || "no role"}>{actor.name}</span>,
    exportValue: ({ actor }) => actor.name,
  },
  {
    id: "action",
    header: "What",
    width: 175,
    fixed: true,
    cell: ({ action }) => <Mono>{action}</Mono>,
    exportValue: ({ action }) => action,
  },
  {
    id: "subject",
    header: "To what",
    width: 185,
    cell: ({ subject }) => <Mono title={subjectText(subject)}>{subjectText(subject) || "–"}</Mono>,
    exportValue: ({ subject }) => subjectText(subject),
  },
  {
    id: "outcome",
    header: "How it ended",
    width: 120,
    cell: ({ outcome }) => <StatusBadge status={OUTCOME_STATUS[outcome]}>{outcome}</StatusBadge>,
    exportValue: ({ outcome }) => outcome,
  },
  {
    id: "reason",
    header: "Why",
    width: 150,
    cell: ({ reason }) => <span title={reason}>{reason ?? ""}</span>,
    exportValue: ({ reason }) => reason,
  },
  {
    id: "roles",
    header: "Roles",
    width: 140,
    hidden: true,
    cell: ({ actor }) => actor.roles.join(", "),
    exportValue: ({ actor }) => actor.roles.join(" "),
  },
  {
    id: "via",
    header: "Through",
    width: 90,
    hidden: true,
    cell: ({ actor }) => <Badge variant="outline">{actor.via}</Badge>,
    exportValue: ({ actor }) => actor.via,
  },
  {
    id: "ended",
    header: "Ended",
    width: 190,
    hidden: true,
    cell: ({ endedAt }) => (endedAt ? <TimeStamp value={endedAt} event="ended" absolute inRow /> : "not yet"),
    exportValue: ({ endedAt }) => endedAt,
  },
];
