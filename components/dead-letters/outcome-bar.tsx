import { cn } from "#components/ui/cn.ts";
import { Stat } from "#components/ui/stat.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { OUTCOMES, type Outcome } from "./replay-numbers.ts";

const LOOK: Record<Outcome, { label: string; note: string; bar: string }> = {
  delivered: { label: "Delivered", note: "the sink has written them", bar: "bg-healthy" },
  failed: { label: "Failed again", note: "dead letters again", bar: "bg-failed" },
  sent: { label: "Sent", note: "the sink has not confirmed yet", bar: "bg-working" },
  sending: { label: "Being sent", note: "", bar: "bg-working" },
  waiting: { label: "Not attempted", note: "", bar: "bg-muted" },
  skipped: { label: "Left out", note: "by verdict, or behind a failed one", bar: "bg-held" },
};

/** Exact counts that sum to what was planned, as numbers and as one bar. */
export function OutcomeBar({ outcomes }: { outcomes: Record<Outcome, number> }) {
  const total = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  const shown = OUTCOMES.filter(
    (outcome) => outcomes[outcome] > 0 || outcome === "delivered" || outcome === "failed",
  );
  return (
    <div className="flex flex-col gap-3">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-muted">
        {shown.map((outcome) =>
          outcomes[outcome] === 0 || total === 0 ? null : (
            <span
              key={outcome}
              className={cn("h-full min-w-1", LOOK[outcome].bar)}
              style={{ width: `${(outcomes[outcome] / total) * 100}%` }}
            />
          ),
        )}
      </div>
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        {shown.map((outcome) => (
          <Stat
            key={outcome}
            label={LOOK[outcome].label}
            value={formatCount(outcomes[outcome])}
            note={LOOK[outcome].note}
          />
        ))}
        <Stat label="Planned" value={formatCount(total)} />
      </div>
    </div>
  );
}
