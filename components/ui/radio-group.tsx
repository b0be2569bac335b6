"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

export interface RadioOption<T extends string> {
  value: T;
  label: ReactNode;
  help?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps<T extends string> {
  label: string;
  options: readonly RadioOption<T>[];
  value: T | undefined;
  onValueChange: (value: T) => void;
  /** Lays short options side by side. */
  inline?: boolean;
  hideLabel?: boolean;
  className?: string;
}

export function RadioGroup<T extends string>({
  label,
  options,
  value,
  onValueChange,
  inline,
  hideLabel,
  className,
}: RadioGroupProps<T>) {
  const name = useId();
  return (
    <fieldset className={className}>
      <legend className={cn("mb-1 font-medium text-table", hideLabel && "sr-only")}>{label}</legend>
      <div className={cn("flex gap-x-4 gap-y-2", inline ? "flex-wrap" : "flex-col")}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex items-start gap-2 text-table has-disabled:text-muted-foreground"
          >
            <input
              type="radio"
              name={name}
              className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-input bg-card checked:border-5 checked:border-primary"
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onValueChange(option.value)}
            />
            <span className="flex flex-col">
              <span>{option.label}</span>
              {option.help && (
                <span className="max-w-[72ch] text-meta text-muted-foreground">{option.help}</span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
