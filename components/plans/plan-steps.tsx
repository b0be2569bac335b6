import { CodeBlock } from "#components/ui/code-block.tsx";
import type { Plan } from "./plan-outputs.ts";
import { RunStepRow } from "./run-step-row.tsx";

/** What is done in which order; while it runs, how far each step is. */
export function PlanSteps({ plan }: { plan: Plan }) {
  const { run } = plan;
  if (run)
    return (
      <ol className="flex flex-col divide-y" aria-label="Steps">
        {run.steps.map((step) => (
          <RunStepRow key={step.position} step={step} />
        ))}
      </ol>
    );
  return (
    <ol className="flex flex-col divide-y" aria-label="Steps">
      {plan.draft.steps.map((step, position) => (
        <li key={step.key} className="flex min-h-8 items-baseline gap-3 px-3 py-1.5 text-table">
          <span className="w-6 shrink-0 text-right text-muted-foreground">{position + 1}</span>
          <details className="min-w-0 flex-1">
            <summary className="cursor-pointer break-words">{step.title}</summary>
            <CodeBlock
              code={JSON.stringify(step.input, null, 2)}
              label={`What step ${position + 1} will do, exactly`}
            />
          </details>
        </li>
      ))}
    </ol>
  );
}
