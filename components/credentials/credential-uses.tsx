import type { Route } from "next";
import Link from "next/link";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { databasePath } from "#components/databases/database-path.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Mono } from "#components/ui/mono.tsx";
import type { CredentialUse } from "#domain/credentials/schema.ts";
import { FIELD_WORDS } from "./check-words.ts";

export function CredentialUses({ uses }: { uses: readonly CredentialUse[] }) {
  if (uses.length === 0) {
    return <p className="text-muted-foreground text-table">Nothing uses this reference any more.</p>;
  }
  return (
    <ul className="flex flex-col divide-y text-table">
      {uses.map((use) => (
        <li
          key={`${use.kind} ${use.name} ${use.field}`}
          className="flex flex-wrap items-baseline gap-x-2 py-1.5"
        >
          <Badge>{use.kind}</Badge>
          <Link href={pathOf(use)} className="break-all font-mono text-link hover:underline">
            {use.name}
          </Link>
          {use.kind === "database" ? (
            <span className="text-muted-foreground">{FIELD_WORDS[use.field] ?? use.field}</span>
          ) : (
            <Mono className="text-muted-foreground">{use.field}</Mono>
          )}
        </li>
      ))}
    </ul>
  );
}

function pathOf(use: CredentialUse): Route {
  return use.kind === "database" ? databasePath(use.id) : connectorPath(use);
}
