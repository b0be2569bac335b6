"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Age } from "#components/ui/age.tsx";
import { FigureLink } from "#components/ui/figure-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { fleetAnswer, unknownTables } from "./fleet-answer.ts";
import type { Fleet } from "./reconciliation-outputs.ts";
import { checkedTablePath, RECONCILIATION, reconciliationPath } from "./reconciliation-paths.ts";

const UNKNOWN = "state:not_checked state:stale state:not_verifiable state:running";

/** Whether the tables are proven equal, on the overview; each number leads to its list. */
export function ReconciliationTile() {
  const trpc = useTRPC();
  const query = useQuery(trpc.reconciliation.fleet.queryOptions());
  return (
    <QueryState query={query} what="where the tables stand">
      {(fleet) => (
        <Section title="Reconciliation" description={fleetAnswer(fleet)} flush>
          <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-b-lg bg-border sm:grid-cols-4">
            <FigureLink
              label="unexplained drift"
              value={formatDrift(fleet.unexplainedPercent)}
              href={reconciliationPath({ filter: "state:drift_unexplained" })}
            />
            <FigureLink
              label="proven equal"
              value={formatCount(fleet.states.ok)}
              href={reconciliationPath({ filter: "state:ok" })}
            />
            <FigureLink
              label="not known"
              value={formatCount(unknownTables(fleet))}
              href={reconciliationPath({ filter: UNKNOWN })}
            />
            <FigureLink
              label="oldest check"
              value={<OldestCheck oldest={fleet.oldest} />}
              href={fleet.oldest ? checkedTablePath(fleet.oldest.id) : RECONCILIATION}
            />
          </ul>
        </Section>
      )}
    </QueryState>
  );
}

function OldestCheck({ oldest }: Pick<Fleet, "oldest">) {
  if (!oldest) return "–";
  if (!oldest.verifiedAt) return "never";
  return (
    <>
      <Age since={oldest.verifiedAt} /> ago
    </>
  );
}
