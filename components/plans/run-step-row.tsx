import { Age } from "#components/ui/age.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { type Status, StatusIcon } from "#components/ui/status-badge.tsx";
import { formatDuration } from "#domain/format/durations.ts";
import type { RunStep } from "./plan-outputs.ts";

const STATUS: Record<RunStep["state"], Status> = {
  waiting: "unknown",
  running: "working",
  succeeded: "healthy",
  failed: "failed",
  skipped: "held",
  unsettled: "degraded",
};

/** One step of a run: where it stands, since when, what it said. */
export function RunStepRow({ step }: { step: RunStep }) {
  const statement = step.detail?.statement;
  return (
    <li className="flex items-start gap-3 px-3 py-2 text-table">
      <span className="w-6 shrink-0 text-right text-muted-foreground">{step.position + 1}</span>
      <StatusIcon status={STATUS[step.state]} className="mt-0.5" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="min-w-0 break-words font-medium">{step.title}</span>
          <span className="whitespace-nowrap text-meta text-muted-foreground">
            {step.state}
            {step.attempts > 1 && ` · attempt ${step.attempts}`} <StepTime step={step} />
          </span>
        </div>
        {step.state === "running" && step.done !== null && (
          <Progress label={step.note ?? "Progress"} done={step.done} total={step.total ?? undefined} />
        )}
        {step.message && step.message !== step.title && (
          <p
            className={
              step.state === "failed" ? "break-words text-failed" : "break-words text-muted-foreground"
            }
          >
            {step.message}
          </p>
        )}
        {typeof statement === "string" && <CodeBlock code={statement} label="Statement to run by hand" />}
      </div>
    </li>
  );
}

function StepTime({ step: { startedAt, endedAt } }: { step: RunStep }) {
  if (!startedAt) return null;
  if (!endedAt)
    return (
      <>
        · <Age since={startedAt} />
      </>
    );
  return <>· {formatDuration(Math.max(0, endedAt.getTime() - startedAt.getTime()))}</>;
}
