"use client";

import { Button } from "#components/ui/button.tsx";
import { DottedKey } from "#components/ui/dotted-key.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { Finding } from "#domain/connectors/finding.ts";
import { keyFieldId } from "../key-field-id.ts";
import type { GuideKind } from "./guide-draft.ts";
import { STEP_TITLE, type StepId, stepOfKey } from "./guide-steps.ts";

export interface ReviewKeysProps {
  kind: GuideKind;
  name: string;
  config: Record<string, string>;
  findings: readonly Finding[];
  goTo: (step: StepId) => void;
}

/** Nothing is edited here; each key leads to the step that answers it. */
export function ReviewKeys({ kind, name, config, findings, goTo }: ReviewKeysProps) {
  const missing = findings.filter(
    (finding) => finding.path && finding.path !== "name" && !(finding.path in config),
  );
  const rows: [key: string, value: string | undefined][] = [
    ["name", name],
    ...Object.entries(config),
    ...[...new Set(missing.map((finding) => finding.path))].map((key): [string, undefined] => [
      key,
      undefined,
    ]),
  ];
  return (
    <div className="rounded-md border">
      <Table label="What would be made">
        <TableHead>
          <TableRow>
            <TableHeader>Key</TableHeader>
            <TableHeader>Value</TableHeader>
            <TableHeader>
              <span className="sr-only">Change</span>
            </TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(([key, value]) => (
            <ReviewRow
              key={key}
              name={key}
              value={value}
              findings={findings.filter((finding) => finding.path === key)}
              step={stepOfKey(kind, key)}
              goTo={goTo}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

interface ReviewRowProps {
  name: string;
  value: string | undefined;
  findings: readonly Finding[];
  step: StepId;
  goTo: (step: StepId) => void;
}

function ReviewRow({ name, value, findings, step, goTo }: ReviewRowProps) {
  return (
    <TableRow id={keyFieldId(name)} tabIndex={-1} className="align-top">
      <TableCell className="py-1.5">
        <span aria-hidden className="mr-1.5 font-bold font-mono text-healthy">
          +
        </span>
        <DottedKey>{name}</DottedKey>
      </TableCell>
      <TableCell className="py-1.5">
        <code className="break-all">{value ?? "not set"}</code>
        {findings.map((finding) => (
          <p
            key={finding.message}
            className={finding.severity === "error" ? "text-failed text-meta" : "text-degraded text-meta"}
          >
            {finding.message}
          </p>
        ))}
      </TableCell>
      <TableCell className="py-1.5 text-right">
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Change ${name} in ${STEP_TITLE[step]}`}
          onClick={() => goTo(step)}
        >
          Change
        </Button>
      </TableCell>
    </TableRow>
  );
}
