"use client";

import { HoverLink } from "#components/ui/hover-link.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { GroupDescription } from "./dead-letter-outputs.ts";
import { groupPath } from "./dead-letter-paths.ts";

/** What all of its records have in common: two records are one failure when all of this is equal. */
export function WhyGrouped({ description }: { description: GroupDescription }) {
  const { why, rule, movedTo, isOldWay } = description;
  return (
    <Section
      title="Why these are one group"
      description={
        rule
          ? `The rule “${rule.name}” gathered them here.`
          : "Records are grouped when all of this is equal."
      }
    >
      <div className="flex flex-col gap-3">
        {movedTo.length > 0 && (
          <StateMessage kind="partial" look="banner" title="A rule has moved its records">
            They are in{" "}
            {movedTo.map((id, index) => (
              <span key={id}>
                {index > 0 && ", "}
                <HoverLink href={groupPath(id)} className="text-link hover:underline">
                  group {id}
                </HoverLink>
              </span>
            ))}
            .
          </StateMessage>
        )}
        {isOldWay && (
          <StateMessage kind="partial" look="banner" title="An older way of grouping made this group">
            New records of the same failure are in a group of their own.
          </StateMessage>
        )}
        <KeyValues
          items={why.map(({ label, value, why: reason }) => ({
            label,
            value: (
              <span className="flex flex-col">
                <Mono className="break-words">{value || "not told"}</Mono>
                <span className="text-meta text-muted-foreground">{reason}</span>
              </span>
            ),
          }))}
        />
      </div>
    </Section>
  );
}
