"use client";

import Link from "next/link";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { Badge } from "#components/ui/badge.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { ENGINE_NAME } from "#domain/databases/engine.ts";
import { ConnectionResult } from "./connection-result.tsx";
import type { DatabaseView } from "./database-outputs.ts";
import { ReferencesTable } from "./references-table.tsx";

export function OverviewTab({ database }: { database: DatabaseView }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 lg:grid-cols-2">
        <Section title="Connection">
          {database.lastTest ? (
            <ConnectionResult test={database.lastTest} />
          ) : (
            <p className="text-muted-foreground text-table">
              Not tested since the address or the credential was last changed.
            </p>
          )}
        </Section>
        <Section title="Registration">
          <KeyValues items={factsOf(database)} />
        </Section>
      </div>
      <ReferencesTable database={database} />
      <Section title="Used by">
        <UsedBy database={database} />
      </Section>
    </div>
  );
}

function factsOf(database: DatabaseView) {
  return [
    { label: "Engine", value: ENGINE_NAME[database.engine] },
    {
      label: "Address",
      value: (
        <Mono>
          {database.host}:{database.port}/{database.databaseName}
        </Mono>
      ),
    },
    { label: "TLS", value: `${database.tlsMode}${database.tlsCa ? ", with its own CA" : ""}` },
    { label: "Cluster", value: database.cluster },
    {
      label: "Connectors' role",
      value: database.connectorRole ? <Mono>{database.connectorRole}</Mono> : "not named",
    },
    {
      label: "Registered",
      value: (
        <>
          by {database.createdBy}, <TimeStamp value={database.createdAt} event="registered" />
        </>
      ),
    },
    {
      label: "Changed",
      value: (
        <>
          by {database.updatedBy}, <TimeStamp value={database.updatedAt} event="changed" /> (version{" "}
          {database.version})
        </>
      ),
    },
  ];
}

function UsedBy({ database: { usedBy } }: { database: DatabaseView }) {
  if (usedBy.length === 0)
    return <p className="text-muted-foreground text-table">No connector works with it yet.</p>;
  return (
    <ul className="flex flex-col divide-y text-table">
      {usedBy.map(({ cluster, name, type }) => (
        <li key={`${cluster}/${name}`} className="flex flex-wrap items-baseline gap-2 py-1.5">
          <Badge>{type}</Badge>
          <Link
            href={connectorPath({ cluster, name })}
            className="break-all font-mono text-link hover:underline"
          >
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
