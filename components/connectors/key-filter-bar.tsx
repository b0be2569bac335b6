"use client";

import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import type { RowFilter } from "#domain/connectors/config-rows.ts";

const FILTERS: readonly [filter: RowFilter, label: string][] = [
  ["set", "Set"],
  ["all", "All"],
  ["required", "Required"],
  ["secret", "Secret"],
  ["heavy", "Costly to change"],
  ["unlisted", "Not listed by the plugin"],
];

export interface KeyFilterBarProps {
  words: string;
  onWordsChange: (words: string) => void;
  filter: RowFilter;
  onFilterChange: (filter: RowFilter) => void;
  /** How many rows are left. */
  found: number;
  searchRef: RefObject<HTMLInputElement | null>;
}

/** Finds a key by its name, its label, a synonym or its documentation. */
export function KeyFilterBar({
  words,
  onWordsChange,
  filter,
  onFilterChange,
  found,
  searchRef,
}: KeyFilterBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Input
        ref={searchRef}
        type="search"
        aria-label="Find a key by name, label or synonym"
        placeholder="Find a key"
        className="w-72 max-w-full"
        value={words}
        onChange={(event) => onWordsChange(event.target.value)}
      />
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Which keys</legend>
        {FILTERS.map(([each, label]) => (
          <Button
            key={each}
            size="sm"
            variant={each === filter ? "primary" : "ghost"}
            aria-pressed={each === filter}
            onClick={() => onFilterChange(each)}
          >
            {label}
          </Button>
        ))}
      </fieldset>
      <span role="status" className="text-meta text-muted-foreground">
        {found} {found === 1 ? "key" : "keys"}
      </span>
    </div>
  );
}
