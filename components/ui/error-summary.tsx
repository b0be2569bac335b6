"use client";

import { CircleAlert } from "lucide-react";

export interface FormProblem {
  /** The id given to the Field; the link moves focus there. */
  fieldId?: string;
  label?: string;
  message: string;
}

export interface ErrorSummaryProps {
  problems: readonly FormProblem[];
  title?: string;
}

/** All problems of a form at its top, announced at once, each leading to its field. */
export function ErrorSummary({ problems, title }: ErrorSummaryProps) {
  if (problems.length === 0) return null;
  const heading =
    title ??
    (problems.length === 1 ? "One thing needs attention" : `${problems.length} things need attention`);
  return (
    <div role="alert" className="rounded-md border border-failed/50 bg-failed-soft px-3 py-2 text-table">
      <p className="flex items-center gap-1.5 font-medium">
        <CircleAlert className="size-4 text-failed" aria-hidden />
        {heading}
      </p>
      <ul className="mt-1 list-disc pl-9">
        {problems.map((problem) => (
          <li key={`${problem.fieldId ?? ""}${problem.message}`}>
            {problem.fieldId ? (
              <a
                href={`#${problem.fieldId}`}
                className="underline underline-offset-2"
                onClick={(event) => {
                  event.preventDefault();
                  focusField(problem.fieldId ?? "");
                }}
              >
                {problem.label ? `${problem.label}: ` : ""}
                {problem.message}
              </a>
            ) : (
              problem.message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function focusField(id: string): void {
  const control = document.getElementById(id);
  control?.scrollIntoView({ block: "center" });
  control?.focus();
}
