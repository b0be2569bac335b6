import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import type { Group } from "./dead-letter-outputs.ts";
import { STAGE_WORDS } from "./state-words.ts";

/** What all of its records have in common: two records are one failure when all of this is equal. */
export function WhyGrouped({ group }: { group: Group }) {
  const { stage, connector, table, exceptions, message, groupingVersion } = group;
  return (
    <Section
      title="Why these are one group"
      description="Records are grouped when all of this is equal. Values in messages are left out, so that the same failure of two rows is one."
    >
      <KeyValues
        items={[
          {
            label: "Failed while",
            value: (
              <>
                {STAGE_WORDS[stage]} <Mono className="text-muted-foreground">{stage}</Mono>
              </>
            ),
          },
          { label: "Sink", value: <Mono>{connector || "not told"}</Mono> },
          { label: "Table", value: <Mono>{table || "not told"}</Mono> },
          {
            label: "Exceptions",
            value: (
              <ul>
                {exceptions.map((name) => (
                  <li key={name}>
                    <Mono className="break-all">{name}</Mono>
                  </li>
                ))}
              </ul>
            ),
          },
          { label: "Message", value: <Mono className="break-words">{message || "none"}</Mono> },
          { label: "Way of grouping", value: `version ${groupingVersion}` },
        ]}
      />
    </Section>
  );
}
