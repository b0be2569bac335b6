"use client";

import { useState } from "react";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { Section } from "#components/ui/section.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { AdoptButton } from "./adopt-button.tsx";
import type { ConnectorView } from "./connector-outputs.ts";
import { useProposeRevert } from "./use-propose-revert.ts";

/** What is live and what Headgate last gave it are two things: shown key by key, to be taken over or taken back. */
export function DriftBanner({ connector }: { connector: ConnectorView }) {
  const { reason } = usePermission("connectors:configure");
  const [isOpen, setIsOpen] = useState(true);
  const ref = { cluster: connector.cluster, name: connector.name };
  const revert = useProposeRevert(ref);
  const { desired, changedOutside } = connector;
  if (!desired || changedOutside.length === 0) return null;
  return (
    <Section
      title="Changed outside Headgate"
      description={`${formatCounted(changedOutside.length, "key")} of the live configuration ${changedOutside.length === 1 ? "differs" : "differ"} from version ${desired.version} by ${desired.authorName}.${quarantineWords(connector)}`}
      actions={
        <>
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? "Hide" : "Show"}
          </Button>
          <Button
            blockedBecause={reason}
            pending={revert.isPending}
            onClick={() => revert.mutate({ ...ref, version: desired.version })}
          >
            Plan the way back
          </Button>
          <AdoptButton connector={ref} />
        </>
      }
    >
      {isOpen && (
        <ConfigDiff
          label="What was changed outside"
          beforeLabel={`Version ${desired.version}`}
          afterLabel="Live"
          changes={changedOutside.map(({ key, before, after }) => ({ key, before, after }))}
        />
      )}
    </Section>
  );
}

/** Only what Headgate's own plans put on the list is known to be needed. */
function quarantineWords({ quarantined, quarantinePlan }: ConnectorView): string {
  if (quarantined.length === 0) return "";
  return quarantinePlan === null
    ? " The way back takes the quarantine away too."
    : " The way back leaves the quarantine in place.";
}
