import { connectorPath } from "#components/connectors/connector-path.ts";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { Summary } from "./dead-letter-outputs.ts";
import { groupPath } from "./dead-letter-paths.ts";

/** One fault behind very many records: stopping the sink comes before repairing them. */
export function SystemicBanner({ floods }: { floods: Summary["systemic"] }) {
  return floods.map((flood) => (
    <StateMessage
      key={flood.group}
      kind="failed"
      look="banner"
      title={`${flood.text}.`}
      action={
        <>
          <Button asChild variant="primary">
            <HoverLink href={connectorPath({ cluster: flood.cluster, name: flood.connector })}>
              Pause {flood.connector} first
            </HoverLink>
          </Button>
          <Button asChild>
            <HoverLink href={groupPath(flood.group)}>Look at the cause</HoverLink>
          </Button>
        </>
      }
    >
      One fault is behind them. Replaying is pointless until it is repaired, and every minute adds more.
    </StateMessage>
  ));
}
