"use client";

import { RefreshCw } from "lucide-react";
import Link from "next/link";
import { CheckBadge } from "#components/credentials/check-badge.tsx";
import { FIELD_WORDS } from "#components/credentials/check-words.ts";
import { credentialPath } from "#components/credentials/credential-paths.ts";
import { useCheckAgain } from "#components/credentials/use-check-again.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { DatabaseReference, DatabaseView } from "./database-outputs.ts";

/** Are the secrets there, and may who needs them read them? */
export function ReferencesTable({ database }: { database: DatabaseView }) {
  const again = useCheckAgain();
  const { reason } = usePermission("credentials:view");
  const { cluster, references } = database;
  return (
    <Section
      flush
      title="Credentials"
      description="Where the secrets are in Vault. Headgate never reads the connectors'."
      actions={
        <Button
          pending={again.isPending}
          blockedBecause={reason}
          onClick={() =>
            again.mutate(references.map(({ reference, reader }) => ({ cluster, reference, reader })))
          }
        >
          {!again.isPending && <RefreshCw aria-hidden />} Ask Vault now
        </Button>
      }
    >
      <Table label="References of this database">
        <TableHead>
          <TableRow>
            <TableHeader>For</TableHeader>
            <TableHeader>Reference</TableHeader>
            <TableHeader>In Vault</TableHeader>
            <TableHeader className="text-right">Version</TableHeader>
            <TableHeader>Changed</TableHeader>
            <TableHeader>Last asked</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {references.map((reference) => (
            <ReferenceRow key={reference.field} reference={reference} cluster={cluster} />
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}

function ReferenceRow({ reference: found, cluster }: { reference: DatabaseReference; cluster: string }) {
  const { field, reference, reader, check } = found;
  const problem = check && check.state !== "ok" ? check : undefined;
  return (
    <>
      <TableRow>
        <TableCell className={problem && "border-b-0"}>{FIELD_WORDS[field]}</TableCell>
        <TableCell className={problem && "border-b-0"}>
          <Link
            href={credentialPath({ cluster, reference, reader })}
            className="break-all font-mono text-link hover:underline"
          >
            {reference}
          </Link>
        </TableCell>
        <TableCell className={problem && "border-b-0"}>
          <CheckBadge check={check} />
        </TableCell>
        <TableCell className={`text-right ${problem ? "border-b-0" : ""}`}>
          {check?.version ?? "unknown"}
        </TableCell>
        <TableCell className={problem && "border-b-0"}>
          {check?.changedAt ? <TimeStamp value={check.changedAt} event="changed" /> : "unknown"}
        </TableCell>
        <TableCell className={problem && "border-b-0"}>
          {check ? <TimeStamp value={check.checkedAt} event="asked" /> : "never"}
        </TableCell>
      </TableRow>
      {problem && (
        <TableRow>
          <TableCell colSpan={6} className="h-auto whitespace-normal pb-2 text-meta">
            {problem.sentence}. {problem.fix}
          </TableCell>
        </TableRow>
      )}
    </>
  );
}
