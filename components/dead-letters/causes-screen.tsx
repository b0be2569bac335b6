import { PageHeader } from "#components/shell/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { CAUSES } from "#domain/dead-letters/causes.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { DEAD_LETTERS, deadLettersPath } from "./dead-letter-paths.ts";

/** Every failure Headgate knows by name, with what to do about it. */
export function CausesScreen() {
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Dead letters", href: DEAD_LETTERS }]}
        title="Catalogue of causes"
        answer={`The ${formatCount(CAUSES.length)} kinds of failure that Headgate tells apart, with what is likely wrong and what to do.`}
      />
      <ul className="flex flex-col divide-y rounded-lg border bg-card">
        {CAUSES.map((cause) => (
          <li key={cause.id} id={cause.id} className="flex scroll-mt-4 flex-col gap-1 p-3 target:bg-selected">
            <h2 className="flex flex-wrap items-center gap-2 font-semibold text-table">
              {cause.title}
              <code className="font-normal text-meta text-muted-foreground">{cause.id}</code>
              {cause.transient && <Badge variant="info">may pass by itself</Badge>}
            </h2>
            <p className="max-w-[72ch] text-table">{cause.likelyCause}</p>
            <p className="max-w-[72ch] text-table">
              <span className="font-medium">What to do: </span>
              {cause.action}
            </p>
            <HoverLink
              href={deadLettersPath({ filter: `cause:${cause.id}` })}
              className="text-link text-meta hover:underline"
            >
              Groups with this cause
            </HoverLink>
          </li>
        ))}
      </ul>
    </>
  );
}
