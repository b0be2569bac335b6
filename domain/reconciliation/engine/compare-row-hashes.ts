import type { KeyText } from "./key-text.ts";
import type { Suspect, Token } from "./suspect.ts";

/** Row hashes of one part of a table by key; a key that occurs more than once holds all its hashes. */
export type HashesByKey = Map<KeyText, string>;

/** In no hash: those are hexadecimal or single bytes. */
const BETWEEN = "\u2028";

export function collectHashes(into: HashesByKey, keys: readonly KeyText[], hashes: readonly string[]): void {
  for (let index = 0; index < keys.length; index += 1) {
    const [key, hash] = [keys[index] ?? "", hashes[index] ?? ""];
    const known = into.get(key);
    into.set(key, known === undefined ? hash : several(known, hash));
  }
}

/** The order rows come in does not count. */
function several(known: string, hash: string): string {
  return [...known.split(BETWEEN), hash].sort().join(BETWEEN);
}

/** Every key whose hashes differ, with what the source showed. Empties the target's map on the way. */
export function findSuspects(source: HashesByKey, target: HashesByKey): Suspect[] {
  const suspects: Suspect[] = [];
  const suspect = (key: KeyText, seen: Token) => suspects.push({ key, seen, votes: 0, rounds: 0 });
  for (const [key, hash] of source) {
    if (target.get(key) !== hash) suspect(key, hash);
    target.delete(key);
  }
  for (const key of target.keys()) suspect(key, undefined);
  return suspects;
}
