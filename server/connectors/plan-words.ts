import type { Finding } from "#domain/connectors/finding.ts";
import type { Consequence } from "#domain/plans/schema.ts";

export function warningsOf(findings: readonly Finding[]): Consequence[] {
  return findings
    .filter((finding) => finding.severity === "warning")
    .map((finding) => ({
      severity: "warning",
      text: finding.path ? `${finding.path}: ${finding.message}` : finding.message,
    }));
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
