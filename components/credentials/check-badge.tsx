import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { ReferenceCheck } from "#domain/credentials/reference-check.ts";
import { CHECK_WORDS } from "./check-words.ts";

export function CheckBadge({ check }: { check: Pick<ReferenceCheck, "state"> | undefined }) {
  const { status, word } = CHECK_WORDS[check?.state ?? "unchecked"];
  return <StatusBadge status={status}>{word}</StatusBadge>;
}
