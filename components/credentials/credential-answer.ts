import type { ReferenceState } from "#domain/credentials/reference-check.ts";
import { formatCounted } from "#domain/format/numbers.ts";

/** Is every secret that something needs in Vault, and readable by whom it is for? */
export function credentialAnswer(
  total: number,
  states: Partial<Record<ReferenceState | "unchecked", number>>,
): string {
  if (total === 0) return "Nothing refers to a secret in Vault yet.";
  const open =
    (states.unchecked ?? 0) + (states.sealed ?? 0) + (states.unreachable ?? 0) + (states.not_configured ?? 0);
  const good = states.ok ?? 0;
  const bad = total - good - open;
  const parts = [
    bad > 0 ? `${formatCounted(bad, "reference")} of ${total} ${bad === 1 ? "does" : "do"} not work` : "",
    open > 0 ? `${formatCounted(open, "reference")} could not be checked` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0 && total === 1) return "The one reference in use is in Vault and readable.";
  if (parts.length === 0) return `All ${formatCounted(total, "reference")} in use are in Vault and readable.`;
  return `${parts.join("; ")}.`;
}
