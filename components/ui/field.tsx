"use client";

import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";
import { Label } from "./label.tsx";

/** What a control needs to belong to its field; spread it on the control. */
export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export interface FieldProps {
  label: ReactNode;
  /** One or two sentences below the control; an example belongs here, not in a placeholder. */
  help?: ReactNode;
  /** Why the value cannot be accepted. */
  error?: string | undefined;
  /** A caution that does not stop the form. */
  warning?: string | undefined;
  /** Most fields are required, so only the others are marked. */
  optional?: boolean;
  /** Right of the label: where the value comes from, what changing it costs. */
  aside?: ReactNode;
  /** Set it when something (the error summary) links to the control. */
  id?: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

export function Field({ label, help, error, warning, optional, aside, id, className, children }: FieldProps) {
  const generated = useId();
  const controlId = id ?? generated;
  const described = [
    help ? `${controlId}-help` : undefined,
    error ? `${controlId}-error` : undefined,
    warning ? `${controlId}-warning` : undefined,
  ].filter((part) => part !== undefined);
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <Label htmlFor={controlId}>
          {label}
          {optional && <span className="ml-1.5 font-normal text-meta text-muted-foreground">optional</span>}
        </Label>
        {aside && <div className="text-meta text-muted-foreground">{aside}</div>}
      </div>
      {children({
        id: controlId,
        "aria-describedby": described.length > 0 ? described.join(" ") : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p id={`${controlId}-error`} className="flex items-start gap-1 text-failed text-meta">
          <CircleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
          {error}
        </p>
      )}
      {warning && (
        <p id={`${controlId}-warning`} className="text-degraded text-meta">
          {warning}
        </p>
      )}
      {help && (
        <div id={`${controlId}-help`} className="max-w-[72ch] text-meta text-muted-foreground">
          {help}
        </div>
      )}
    </div>
  );
}
