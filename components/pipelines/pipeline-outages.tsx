import { Age } from "#components/ui/age.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";

const WHAT = {
  connect: "States of connectors and log positions",
  kafka: "Counts, lag and times",
} as const;

/** What on this page is old, and how old, while an upstream does not answer. */
export function PipelineOutages({ pipeline }: { pipeline: PipelineView }) {
  return (["connect", "kafka"] as const).map((upstream) => {
    const { state, message, lastOkAt } = pipeline.upstreams[upstream];
    if (state === "up") return null;
    return (
      <StateMessage
        key={upstream}
        kind="stale"
        look="banner"
        title={
          lastOkAt ? (
            <>
              {WHAT[upstream]} are shown as they were <Age since={lastOkAt} /> ago
            </>
          ) : (
            `${WHAT[upstream]} are not known`
          )
        }
      >
        {message}
      </StateMessage>
    );
  });
}
