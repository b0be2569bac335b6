import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { causeById } from "#domain/dead-letters/causes.ts";
import type { DeadLetter } from "./dead-letter-outputs.ts";

type Attempt = DeadLetter["attemptsMade"][number];

const STATUS: Record<string, Status> = { sent: "working", delivered: "healthy", failed: "failed" };

/** Each replay of this record, and how it ended. */
export function RecordAttempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0)
    return <p className="text-muted-foreground text-table">It has not been replayed.</p>;
  return (
    <ol className="flex flex-col gap-2 text-table">
      {attempts.map((attempt) => (
        <li key={attempt.runId} className="flex flex-col gap-0.5">
          <span className="flex flex-wrap items-baseline justify-between gap-2">
            <StatusBadge status={STATUS[attempt.outcome] ?? "unknown"}>{attempt.outcome}</StatusBadge>
            <TimeStamp value={attempt.at} event="sent" />
          </span>
          {(attempt.cause || attempt.message) && (
            <span className="break-words text-muted-foreground">
              {attempt.cause ? causeById(attempt.cause).title : ""}
              {attempt.cause && attempt.message ? ": " : ""}
              {attempt.message}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
