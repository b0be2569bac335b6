import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCounted } from "#domain/format/numbers.ts";

const STOPPED_SINKS = { filter: "type:sink state:failed state:degraded", sort: "", page: 1, pageSize: 5 };
const ALL_STOPPED = `/connectors?${new URLSearchParams({ q: STOPPED_SINKS.filter })}` as Route;

/** A sink that a record has stopped set nothing aside: without these, the page would say that all is well. */
export function StoppedSinks() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.connectors.list.queryOptions(STOPPED_SINKS));
  if (!data) return null;
  const more = data.total - data.rows.length;
  return (
    <>
      {data.rows.map(({ cluster, name }) => (
        <StateMessage
          key={`${cluster}/${name}`}
          kind="failed"
          look="banner"
          title={`The sink ${name} has stopped.`}
          action={
            <Button asChild variant="primary">
              <HoverLink href={connectorPath({ cluster, name })}>See what stopped it</HoverLink>
            </Button>
          }
        >
          What it could not write is not among the dead letters: it waits in its topic until the record that
          stopped it is set aside or repaired.
        </StateMessage>
      ))}
      {more > 0 && (
        <StateMessage
          kind="failed"
          look="banner"
          title={`${formatCounted(more, "more sink")} ${more === 1 ? "has" : "have"} stopped.`}
          action={
            <Button asChild>
              <HoverLink href={ALL_STOPPED}>See all that have stopped</HoverLink>
            </Button>
          }
        />
      )}
    </>
  );
}
