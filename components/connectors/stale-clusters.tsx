import { Age } from "#components/ui/age.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { ConnectorSummary } from "./connector-outputs.ts";

/** One banner per cluster whose Connect does not answer: what is shown of it is old, and how old. */
export function StaleClusters({ clusters }: Pick<ConnectorSummary, "clusters">) {
  return clusters
    .filter((cluster) => cluster.state === "down" || cluster.state === "degraded")
    .map(({ cluster, message, lastOkAt }) => (
      <StateMessage
        key={cluster}
        kind="stale"
        look="banner"
        title={
          lastOkAt ? (
            <>
              Connectors of {cluster} are shown as they were <Age since={lastOkAt} /> ago
            </>
          ) : (
            `Kafka Connect of ${cluster} has never answered`
          )
        }
      >
        {message}
      </StateMessage>
    ));
}
