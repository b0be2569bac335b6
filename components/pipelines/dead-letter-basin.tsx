import Link from "next/link";
import { Count } from "#components/ui/count.tsx";
import { Section } from "#components/ui/section.tsx";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";
import { connectorPath } from "./pipeline-path.ts";

/** The basin beside the canal: what the sinks set aside instead of delivering. */
export function DeadLetterBasin({ pipeline }: { pipeline: PipelineView }) {
  const { cluster, deadLetters } = pipeline;
  if (deadLetters.length === 0) return null;
  return (
    <Section
      title="Dead letters"
      description="Records the sinks set aside; they lie in these topics until retention removes them."
    >
      <ul className="flex flex-col gap-1 text-table">
        {deadLetters.map(({ topic, sinks, count }) => (
          <li key={topic} className="flex min-w-0 flex-wrap items-baseline gap-x-3">
            <span className={count ? "min-w-16 font-semibold text-degraded" : "min-w-16"}>
              <Count value={count} />
            </span>
            <span className="min-w-0 break-all font-mono">{topic}</span>
            <span className="text-muted-foreground">
              from{" "}
              {sinks.map((sink, index) => (
                <span key={sink}>
                  {index > 0 && ", "}
                  <Link href={connectorPath(cluster, sink)} className="font-mono text-link hover:underline">
                    {sink}
                  </Link>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
