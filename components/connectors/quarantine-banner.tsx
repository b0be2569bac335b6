"use client";

import { type ReactNode, useState } from "react";
import { sinkLettersPath } from "#components/dead-letters/dead-letter-paths.ts";
import type { Run } from "#components/plans/plan-outputs.ts";
import { planPath } from "#components/plans/plan-path.ts";
import { usePlan } from "#components/plans/use-plan.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { isAtRest, isResumable } from "#domain/plans/run-state.ts";
import { AdoptButton } from "./adopt-button.tsx";
import type { ConnectorView } from "./connector-outputs.ts";

/** What Headgate's quarantine changed is no drift: who did it, how it stands, and what is left to do. */
export function QuarantineBanner({ connector }: { connector: ConnectorView }) {
  const { quarantined, quarantinePlan, changedByQuarantine } = connector;
  if (quarantined.length === 0)
    return changedByQuarantine.length > 0 ? <SettingsLeft connector={connector} /> : null;
  return quarantinePlan === null ? (
    <ListInPlace connector={connector}>
      No plan that Headgate knows put {quarantined.length === 1 ? "it" : "them"} there. {TAKEN_OFF}
    </ListInPlace>
  ) : (
    <PlannedList connector={connector} planId={quarantinePlan} />
  );
}

const TAKEN_OFF =
  "Headgate takes an entry off by itself once the sink runs and has committed past the record. At the very end of a partition that takes another record behind it.";

function PlannedList({ connector, planId }: { connector: ConnectorView; planId: string }) {
  const run = usePlan(planId).data?.run ?? undefined;
  return (
    <ListInPlace connector={connector} planId={planId}>
      {run && isAtRest(run.state) && run.state !== "succeeded" ? (
        <EndedEarly run={run} />
      ) : run && !isAtRest(run.state) ? (
        "Its run is at work; it takes the entries off once the sink is past them."
      ) : (
        TAKEN_OFF
      )}
    </ListInPlace>
  );
}

function EndedEarly({ run }: { run: Run }) {
  return (
    <StateMessage kind="partial" look="banner" title="Its run ended early, and the list is still in place">
      {run.message && <p>{run.message}</p>}
      <p>
        {isResumable(run.state)
          ? "Repair what it names and resume the run on its plan. "
          : "If the sink stands still, repair the cause or set the row aside that stops it now. "}
        {TAKEN_OFF}
      </p>
    </StateMessage>
  );
}

const SHOWN = 5;

function ListInPlace({
  connector,
  planId,
  children,
}: {
  connector: ConnectorView;
  planId?: string;
  children: ReactNode;
}) {
  const { cluster, name, quarantined, changedByQuarantine } = connector;
  const one = quarantined.length === 1;
  return (
    <Section
      title="A quarantine is in place"
      description={`${formatCounted(quarantined.length, "record")} ${one ? "goes" : "go"} to the dead-letter topic and not to the target.`}
      actions={
        <>
          {planId && (
            <HoverLink href={planPath(planId)} className="text-link text-table hover:underline">
              Plan of the quarantine
            </HoverLink>
          )}
          <HoverLink href={sinkLettersPath(cluster, [name])} className="text-link text-table hover:underline">
            Its dead letters
          </HoverLink>
        </>
      }
    >
      <div className="flex flex-col gap-2 text-table">
        <ul aria-label="Records set aside">
          {quarantined.slice(0, SHOWN).map((record) => (
            <li key={record}>
              <Mono className="break-all">{record}</Mono>
            </li>
          ))}
          {quarantined.length > SHOWN && <li>and {formatCount(quarantined.length - SHOWN)} more</li>}
        </ul>
        <div className="max-w-[80ch]">{children}</div>
        {changedByQuarantine.length > 0 && <Changes connector={connector} />}
      </div>
    </Section>
  );
}

function SettingsLeft({ connector }: { connector: ConnectorView }) {
  const { cluster, name, desired, changedByQuarantine, changedOutside } = connector;
  return (
    <Section
      title="Changed by a quarantine"
      description={`${formatCounted(changedByQuarantine.length, "key")} of the live configuration ${changedByQuarantine.length === 1 ? "differs" : "differ"} from version ${desired?.version} since a quarantine of Headgate. They stay, because other records may need them.`}
      actions={changedOutside.length === 0 && <AdoptButton connector={{ cluster, name }} />}
    >
      <Changes connector={connector} />
    </Section>
  );
}

function Changes({ connector: { desired, changedByQuarantine } }: { connector: ConnectorView }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? "Hide what it changed" : "Show what it changed"}
      </Button>
      {isOpen && (
        <ConfigDiff
          label="What the quarantine changed"
          beforeLabel={`Version ${desired?.version}`}
          afterLabel="Live"
          changes={changedByQuarantine.map(({ key, before, after }) => ({ key, before, after }))}
        />
      )}
    </div>
  );
}
