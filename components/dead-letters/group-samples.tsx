import type { ReactNode } from "react";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { GroupDescription } from "./dead-letter-outputs.ts";
import { recordPath } from "./dead-letter-paths.ts";

/** Records to look at, and the stack traces they came with. */
export function GroupSamples({ description }: { description: GroupDescription }) {
  const { samples, traces, countedOver } = description;
  const random = samples.random.filter((id) => id !== samples.oldest && id !== samples.newest);
  return (
    <Section
      title="Samples"
      description={
        traces.length > 1
          ? `${formatCounted(traces.length, "different stack trace")} among the newest ${formatCount(countedOver)}.`
          : undefined
      }
    >
      <div className="flex flex-col gap-2 text-table">
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          {samples.oldest !== null && <Sample id={samples.oldest}>oldest</Sample>}
          {samples.newest !== null && samples.newest !== samples.oldest && (
            <Sample id={samples.newest}>newest</Sample>
          )}
          {random.map((id, index) => (
            <Sample key={id} id={id}>
              random {index + 1}
            </Sample>
          ))}
        </p>
        {traces.map((trace) => (
          <details key={trace.id}>
            <summary className="cursor-pointer break-words">
              <code className="text-meta">{trace.exception || "no exception told"}</code>{" "}
              <span className="text-muted-foreground">{formatCounted(trace.records, "record")}</span>
            </summary>
            {trace.frames && (
              <CodeBlock code={trace.frames} label="frames of the stack trace" className="mt-1" />
            )}
          </details>
        ))}
      </div>
    </Section>
  );
}

function Sample({ id, children }: { id: number; children: ReactNode }) {
  return (
    <HoverLink href={recordPath(id)} className="text-link hover:underline">
      {children}
    </HoverLink>
  );
}
