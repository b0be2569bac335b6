import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { KeySpread } from "./reconciliation-outputs.ts";

/** What the places of the differing rows say about their cause, in a sentence. */
export function spreadAnswer({ rows, blocks }: Pick<KeySpread, "rows" | "blocks">): string {
  const inBlocks = blocks.reduce((sum, block) => sum + block.rows, 0);
  if (blocks.length === 0)
    return `${formatCounted(rows, "row")}, scattered: no ten keys in a row differ, so no batch was lost as a whole.`;
  const place = blocks.length === 1 ? "one block" : `${formatCount(blocks.length)} blocks`;
  if (inBlocks === rows)
    return `All ${formatCount(rows)} rows lie in ${place} of keys, as after a batch that was lost.`;
  return `${formatCount(inBlocks)} of ${formatCounted(rows, "row")} lie in ${place} of keys, as after a batch that was lost.`;
}
