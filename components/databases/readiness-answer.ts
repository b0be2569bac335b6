import { formatCounted } from "#domain/format/numbers.ts";
import type { ReadinessFinding } from "./database-outputs.ts";

export function readinessAnswer(findings: readonly Pick<ReadinessFinding, "state">[]): string {
  const count = (state: ReadinessFinding["state"]) =>
    findings.filter((finding) => finding.state === state).length;
  const parts = [
    count("blocker") > 0
      ? `${formatCounted(count("blocker"), "thing")} to do before a connector can read it`
      : "",
    count("unknown") > 0 ? `${formatCounted(count("unknown"), "thing")} that could not be looked up` : "",
    count("warning") > 0 ? `${formatCounted(count("warning"), "warning")}` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "Ready: everything a connector needs is there.";
  const lead =
    count("blocker") > 0 ? "Not ready: " : count("unknown") > 0 ? "Not known to be ready: " : "Ready, with ";
  return `${lead}${parts.join(", ")}.`;
}
