"use client";

import { Select } from "#components/ui/select.tsx";
import { AUDIT_FILTER } from "#domain/audit/list-filter.ts";
import { formatFilter, parseFilter } from "#domain/filters/grammar.ts";

const RANGES = [
  { age: "1h", label: "Last hour" },
  { age: "1d", label: "Last 24 hours" },
  { age: "7d", label: "Last 7 days" },
  { age: "30d", label: "Last 30 days" },
] as const;

export interface TimeRangeSelectProps {
  filter: string;
  onFilterChange: (filter: string) => void;
}

/** The usual ranges in one choice; `from:` and `to:` in the filter take any other. */
export function TimeRangeSelect({ filter, onFilterChange }: TimeRangeSelectProps) {
  const parsed = parseFilter(filter, AUDIT_FILTER);
  const isTime = (key: string) => key === "age" || key === "from" || key === "to";
  const times = parsed.tokens.filter(({ key }) => isTime(key));
  const [only] = times;
  const known =
    times.length === 1 && only?.comparison === "<" && RANGES.some(({ age }) => age === only.value);
  const value = times.length === 0 ? "all" : known ? (only?.value ?? "") : "own";

  const choose = (age: string) => {
    const rest = parsed.tokens.filter(({ key }) => !isTime(key));
    const range = age === "all" ? [] : [{ key: "age", negated: false, comparison: "<" as const, value: age }];
    onFilterChange(formatFilter({ tokens: [...rest, ...range], text: parsed.text }));
  };

  return (
    <Select
      aria-label="Time range"
      className="w-36"
      value={value}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="all">All time</option>
      {RANGES.map(({ age, label }) => (
        <option key={age} value={age}>
          {label}
        </option>
      ))}
      {value === "own" && <option value="own">As filtered</option>}
    </Select>
  );
}
