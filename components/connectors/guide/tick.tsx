"use client";

import { type ReactNode, useId } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";

export interface TickProps {
  label: ReactNode;
  help: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A yes or no with its reason. */
export function Tick({ label, help, checked, onChange }: TickProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2 text-table">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={checked}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-help`} className="max-w-[72ch] text-meta text-muted-foreground">
          {help}
        </p>
      </div>
    </div>
  );
}
