import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { RecordContext } from "./dead-letter-outputs.ts";
import { recordPath } from "./dead-letter-paths.ts";
import { OP_WORDS } from "./state-words.ts";

type Later = RecordContext["later"];

/** Events of the same row after the failed one: the newest delivered one decides whether a replay may be. */
export function LaterEvents({ later }: { later: Later }) {
  return (
    <Section
      title="Later events of this row"
      description={later.events.length > 0 ? answer(later) : undefined}
      flush={later.events.length > 0}
    >
      {later.events.length > 0 && (
        <Table label="Each later event">
          <TableHead>
            <TableRow>
              <TableHeader>Offset</TableHeader>
              <TableHeader>Change</TableHeader>
              <TableHeader>Written to Kafka</TableHeader>
              <TableHeader>At the target</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {later.events.map((event) => (
              <TableRow key={event.offset}>
                <TableCell>{formatCount(event.offset)}</TableCell>
                <TableCell>{event.op === null ? "not told" : (OP_WORDS[event.op] ?? event.op)}</TableCell>
                <TableCell>
                  <TimeStamp value={event.at} event="written to Kafka" />
                </TableCell>
                <TableCell>
                  <Fate event={event} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {later.events.length === 0 && (
        <p className="text-muted-foreground text-table">
          {answer(later)} {later.problem && `${later.problem}.`}
        </p>
      )}
    </Section>
  );
}

function Fate({ event }: { event: Later["events"][number] }) {
  if (event.deadLetterId !== null)
    return (
      <HoverLink href={recordPath(event.deadLetterId)} className="text-link hover:underline">
        a dead letter too
      </HoverLink>
    );
  if (event.delivered === null) return <StatusBadge status="unknown">not known</StatusBadge>;
  return event.delivered ? (
    <StatusBadge status="healthy">delivered</StatusBadge>
  ) : (
    <StatusBadge status="held">waits</StatusBadge>
  );
}

function answer({ scan, events, isCut, scannedRecords }: Later): string {
  if (scan === "not_scanned") return "They were not looked for.";
  const found = isCut
    ? `More than ${formatCounted(events.length, "event")} found.`
    : events.length === 0
      ? "None found."
      : `${formatCounted(events.length, "event")} found.`;
  const read = `${formatCounted(scannedRecords, "record")} of its partition read`;
  return scan === "complete"
    ? `${found} ${read}, up to the end.`
    : `${found} ${read}; there are more behind.`;
}
