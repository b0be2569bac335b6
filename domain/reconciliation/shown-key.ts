import { maskKey } from "#domain/dead-letters/key-text.ts";

/** What a row is called before everybody: its key where that says nothing about a person, else the number of its discrepancy. */
export function shownKey({ keyText, discrepancyId }: { keyText: string; discrepancyId: number }): string {
  return maskKey(keyText) === keyText ? keyText : `discrepancy ${discrepancyId}`;
}
