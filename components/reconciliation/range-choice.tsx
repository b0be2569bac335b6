"use client";

import { useShortcut } from "#components/shell/shortcuts.tsx";
import { Choice, type ChoiceProps } from "./choice.tsx";

export interface RangeChoiceProps {
  legend: string;
  ranges: readonly string[];
  chosen: string | undefined;
  onChoose: (range: string) => void;
}

/** Spans of time to choose from; the first has the key `1`. */
export function RangeChoice({ legend, ranges, chosen, onChoose }: RangeChoiceProps) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{legend}</legend>
      {ranges.map((range, place) => (
        <KeyedChoice
          key={range}
          keys={String(place + 1)}
          label={range}
          isChosen={range === chosen}
          onClick={() => onChoose(range)}
        />
      ))}
    </fieldset>
  );
}

function KeyedChoice({ keys, ...choice }: ChoiceProps & { keys: string }) {
  useShortcut(keys, {
    description: `Show ${choice.label}`,
    group: "Reconciliation",
    run: choice.onClick,
  });
  return <Choice {...choice} />;
}
