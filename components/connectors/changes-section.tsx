"use client";

import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import type { KeyChange } from "#domain/connectors/config-diff.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import { EffectBadge } from "./effect-badge.tsx";

export interface ChangesSectionProps {
  changes: readonly KeyChange[];
  onReset: (key: string) => void;
}

/** What the draft would change, the costliest first. */
export function ChangesSection({ changes, onReset }: ChangesSectionProps) {
  return (
    <Section
      title={changes.length === 0 ? "Nothing is changed yet" : formatCounted(changes.length, "change")}
      flush
    >
      <ul className="divide-y">
        {changes.map((change) => (
          <li key={change.key} className="flex flex-col gap-1 px-3 py-2 text-table">
            <div className="flex items-center justify-between gap-2">
              <code className="break-all">{change.key}</code>
              <span className="flex items-center gap-1.5">
                <EffectBadge effect={change} />
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label={`Undo the change of ${change.key}`}
                  onClick={() => onReset(change.key)}
                >
                  Undo
                </Button>
              </span>
            </div>
            <p className="break-all font-mono text-meta">
              <del className="text-failed no-underline">{change.before ?? "not set"}</del>
              {" → "}
              <ins className="text-healthy no-underline">{change.after ?? "default"}</ins>
            </p>
            <p className="text-meta text-muted-foreground">{change.consequence}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
