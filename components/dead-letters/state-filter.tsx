"use client";

import { Button } from "#components/ui/button.tsx";

const CHOICES = [
  { label: "All", filter: "" },
  { label: "Waiting", filter: "state:open state:regressed" },
  { label: "Muted", filter: "state:muted" },
  { label: "Resolved", filter: "state:resolved" },
] as const;

export interface StateFilterProps {
  filter: string;
  onFilterChange: (filter: string) => void;
}

/** The filters people use most, as one click that leaves the rest of the filter alone. */
export function StateFilter({ filter, onFilterChange }: StateFilterProps) {
  const parts = filter.split(/\s+/).filter((part) => part !== "");
  const states = parts.filter((part) => /^-?state:/.test(part)).join(" ");
  const others = parts.filter((part) => !/^-?state:/.test(part));
  return (
    <fieldset className="flex rounded-md border bg-card p-px">
      <legend className="sr-only">State of the groups</legend>
      {CHOICES.map((choice) => (
        <Button
          key={choice.label}
          variant="ghost"
          size="sm"
          aria-pressed={states === choice.filter}
          className="h-[calc(var(--control-height)-4px)] aria-pressed:bg-selected"
          onClick={() => onFilterChange([...others, choice.filter].filter(Boolean).join(" "))}
        >
          {choice.label}
        </Button>
      ))}
    </fieldset>
  );
}
