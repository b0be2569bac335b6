"use client";

import { Button } from "#components/ui/button.tsx";

export interface ChoiceProps {
  label: string;
  isChosen: boolean;
  onClick: () => void;
}

/** One of a few ways to look at the same thing. */
export function Choice({ label, isChosen, onClick }: ChoiceProps) {
  return (
    <Button
      size="sm"
      variant="ghost"
      className="aria-pressed:bg-selected"
      aria-pressed={isChosen}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
