import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { AttentionItem } from "./attention.ts";
import { MOST_SHOWN } from "./overview-inputs.ts";

export interface NeedsAPersonProps {
  items: readonly AttentionItem[];
  checkedAt: Date;
}

/** What will not mend itself, worst first, each with the way there. */
export function NeedsAPerson({ items, checkedAt }: NeedsAPersonProps) {
  return (
    <Section
      title="Needs a person"
      flush
      description={items.length > 0 ? `${formatCounted(items.length, "thing")}, worst first.` : undefined}
    >
      {items.length === 0 ? (
        <StateMessage kind="good" title="Nothing waits for you" since={checkedAt} className="py-8" />
      ) : (
        <ul>
          {items.slice(0, MOST_SHOWN).map((item) => (
            <AttentionRow key={item.key} item={item} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function AttentionRow({ item }: { item: AttentionItem }) {
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 gap-y-0.5 border-b px-3 py-2 text-table last:border-b-0 hover:bg-accent/50 lg:grid-cols-[auto_minmax(0,18rem)_minmax(0,1fr)_auto]">
      <StatusIcon status={item.status} className="mt-0.5" />
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        {item.href ? (
          <HoverLink href={item.href} className="min-w-0 font-medium text-link hover:underline">
            <Name>{item.title}</Name>
          </HoverLink>
        ) : (
          <Name className="font-medium">{item.title}</Name>
        )}
        <span className="text-meta text-muted-foreground">
          {item.kind}
          <span className="sr-only">, {item.status}</span>
        </span>
      </span>
      <span className="min-w-0 break-words max-lg:order-last max-lg:col-span-2 max-lg:col-start-2">
        {item.words}
      </span>
      <span className="whitespace-nowrap text-meta text-muted-foreground">
        {item.since && <TimeStamp value={item.since} event="since" />}
      </span>
    </li>
  );
}
