import { cn } from "#components/ui/cn.ts";
import { STEP_TITLE, type StepId } from "./guide-steps.ts";

export interface StepListProps {
  steps: readonly StepId[];
  current: StepId;
  /** Place of the last step that can be gone to. */
  reachable: number;
  onChoose: (step: StepId) => void;
}

export function StepList({ steps, current, reachable, onChoose }: StepListProps) {
  return (
    <nav aria-label="Steps">
      <ol className="flex flex-wrap gap-1 lg:flex-col">
        {steps.map((step, index) => (
          <li key={step}>
            <button
              type="button"
              disabled={index > reachable}
              aria-current={step === current ? "step" : undefined}
              onClick={() => onChoose(step)}
              className={cn(
                "flex w-full items-center gap-2 rounded-md px-2 py-1 text-left text-table hover:bg-accent disabled:cursor-not-allowed disabled:text-muted-foreground disabled:hover:bg-transparent",
                step === current && "bg-selected font-medium",
              )}
            >
              <span
                className="grid size-5 shrink-0 place-items-center rounded-full border text-meta"
                aria-hidden
              >
                {index + 1}
              </span>
              {STEP_TITLE[step]}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
