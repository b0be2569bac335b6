"use client";

import { ErrorSummary } from "#components/ui/error-summary.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { Validation } from "./connector-outputs.ts";
import { keyFieldId } from "./key-field-id.ts";

/** All that is wrong, at once, and what could not be checked. */
export function FindingsSummary({ validation }: { validation: Validation }) {
  const errors = validation.findings.filter((finding) => finding.severity === "error");
  const warnings = validation.findings.filter((finding) => finding.severity === "warning");
  return (
    <div className="flex flex-col gap-2">
      <ErrorSummary
        problems={errors.map(({ path, message }) => ({
          message,
          ...(path ? { label: path, fieldId: keyFieldId(path) } : {}),
        }))}
      />
      {validation.unchecked.map(({ message }) => (
        <StateMessage key={message} kind="partial" look="banner" title={message} />
      ))}
      {errors.length === 0 && validation.unchecked.length === 0 && (
        <StateMessage kind="good" look="banner" title="Policy, rules and the plugin itself find no error">
          {warnings.length > 0 && `${formatCounted(warnings.length, "warning")} to look at.`}
        </StateMessage>
      )}
      {warnings.length > 0 && (
        <ul className="list-disc pl-5 text-degraded text-table" aria-label="Warnings">
          {warnings.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <code>{path}: </code>}
              {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
