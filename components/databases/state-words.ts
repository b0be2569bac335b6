import type { Status } from "#components/ui/status-badge.tsx";
import type { ConnectionTest, DatabaseListRow } from "./database-outputs.ts";

interface StateWords {
  status: Status;
  word: string;
}

export function testWords(test: ConnectionTest | undefined): StateWords {
  if (test === undefined) return { status: "unknown", word: "not tested" };
  return test.ok ? { status: "healthy", word: "connects" } : { status: "failed", word: "does not connect" };
}

export const REFERENCES_WORDS: Record<DatabaseListRow["references"], StateWords> = {
  ok: { status: "healthy", word: "in Vault" },
  problem: { status: "failed", word: "problem" },
  unchecked: { status: "unknown", word: "not checked yet" },
};
