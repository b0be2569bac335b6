import { cn } from "#components/ui/cn.ts";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { RecordContext } from "./dead-letter-outputs.ts";

type Column = RecordContext["columns"][number];
type Place = RecordContext["source"];

const EVENT_PROBLEM: Record<RecordContext["event"]["state"], string> = {
  read: "",
  expired: "Kafka no longer has the bytes",
  undecodable: "The bytes cannot be decoded",
};

/** Column by column: the dead letter, the source now, the target now. What differs says so. */
export function RowComparison({ context }: { context: RecordContext }) {
  const { event, source, target, columns } = context;
  return (
    <div className="flex flex-col">
      {columns.length > 0 && (
        <Table label="The row in the dead letter, in the source and in the target">
          <TableHead>
            <TableRow>
              <TableHeader>Column</TableHeader>
              <TableHeader>Dead letter</TableHeader>
              <TableHeader>Source now</TableHeader>
              <TableHeader>Target now</TableHeader>
              <TableHeader>Target against source</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {columns.map((column) => (
              <TableRow key={column.name}>
                <TableCell className="font-mono">
                  {column.name}
                  {column.isKey && (
                    <span className="ml-1.5 font-sans text-meta text-muted-foreground">key</span>
                  )}
                </TableCell>
                <TableCell className={cn(column.eventAgrees === "differs" && "bg-degraded-soft")}>
                  <Cell cell={column.event} />
                </TableCell>
                <TableCell>
                  <Cell cell={column.source} />
                </TableCell>
                <TableCell className={cn(column.targetAgrees === "differs" && "bg-failed-soft")}>
                  <Cell cell={column.target} />
                </TableCell>
                <TableCell>
                  <Agreement column={column} target={target} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      <ul className="flex flex-col gap-1 border-t p-3 text-meta text-muted-foreground">
        {event.state !== "read" && (
          <li>
            Dead letter: {EVENT_PROBLEM[event.state]}
            {event.problem && ` (${event.problem})`}.
          </li>
        )}
        <PlaceLine label="Source" place={source} />
        <PlaceLine label="Target" place={target} />
        {!context.revealed && columns.some((column) => column.event?.hidden || column.source?.hidden) && (
          <li>Values are hidden; whether they agree is told all the same.</li>
        )}
      </ul>
    </div>
  );
}

function PlaceLine({ label, place }: { label: string; place: Place }) {
  const table = place.table ? <span className="font-mono">{place.table}</span> : undefined;
  return (
    <li className="break-words">
      {label}:{" "}
      {place.state === "unknown" ? (
        `${place.problem ?? "not read"}.`
      ) : (
        <>
          {place.state === "found" ? "row found in " : "no such row in "}
          {table} of {place.database?.name}, read{" "}
          {place.readAt ? <TimeStamp value={place.readAt} event="read" /> : "now"}
        </>
      )}
    </li>
  );
}

function Cell({ cell }: { cell: Column["event"] }) {
  if (cell === undefined) return <span className="text-muted-foreground">–</span>;
  if (cell.hidden)
    return (
      <span className="text-muted-foreground">
        <span aria-hidden>••••••</span>
        <span className="sr-only">hidden</span>
      </span>
    );
  if (cell.text === null) return <span className="text-muted-foreground italic">null</span>;
  return (
    <span className="block max-w-[40ch] truncate font-mono" title={cell.text}>
      {cell.text}
    </span>
  );
}

function Agreement({ column, target }: { column: Column; target: Place }) {
  if (target.state === "missing") return <StatusBadge status="failed">row missing</StatusBadge>;
  switch (column.targetAgrees) {
    case "same":
      return <StatusBadge status="healthy">same</StatusBadge>;
    case "differs":
      return <StatusBadge status="failed">differs</StatusBadge>;
    case "unknown":
      return <StatusBadge status="unknown">not comparable</StatusBadge>;
  }
}
