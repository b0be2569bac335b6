import { differingColumns } from "#domain/reconciliation/engine/canonical-equal.ts";
import type { CanonicalForm } from "#domain/reconciliation/engine/canonical-form.ts";
import { collectHashes, type HashesByKey } from "#domain/reconciliation/engine/compare-row-hashes.ts";
import { type KeyText, keyParts } from "#domain/reconciliation/engine/key-text.ts";
import { judge, type Suspect, VOTES_NEEDED } from "#domain/reconciliation/engine/suspect.ts";
import type { CompareInput, Difference } from "./compare-table.ts";
import type { Sides } from "./plan-scan.ts";
import type { FoundRow, HashKind, SideReader } from "./side.ts";

type Asked = Pick<CompareInput, "comparison" | "gate" | "limits" | "onDifferences">;

export interface Confirmation {
  /** Why the rest of the suspects cannot be judged. */
  notVerifiable: string | undefined;
  /** Not judged yet when the gate gave up. */
  left: number;
  confirmed: Difference["kind"][];
  inFlight: number;
  unstable: KeyText[];
  waitedMs: number;
}

const PAGE = 2_000;
/** Whole rows of one page and one end. */
const PAGE_BYTES = 4 << 20;

/**
 * Looks again at rows that differed: each round marks the source, waits until the target has applied past the mark, reads the
 * target, then the source. What is told is what two rounds in a row have shown.
 */
export async function confirmSuspects(
  sides: Sides,
  input: Asked,
  { hash, rowBytes }: { hash: HashKind; rowBytes: number },
  suspects: readonly Suspect[],
  signal: AbortSignal,
): Promise<Confirmation> {
  const rowsPage = Math.min(PAGE, Math.max(20, Math.floor(PAGE_BYTES / Math.max(1, rowBytes))));
  const result: Confirmation = {
    notVerifiable: undefined,
    left: 0,
    confirmed: [],
    inFlight: 0,
    unstable: [],
    waitedMs: 0,
  };
  // A key can be handed over twice, by what is open and by what the topics carried.
  let pending = [...new Map(suspects.map((suspect) => [suspect.key, suspect])).values()];
  while (pending.length > 0) {
    const mark = await input.gate.mark(signal);
    const outcome = await input.gate.reached(mark, { timeoutMs: input.limits.gateTimeoutMs, signal });
    result.waitedMs += outcome.waitedMs;
    if (!outcome.applied) return { ...result, notVerifiable: outcome.reason, left: pending.length };
    const again: Suspect[] = [];
    const isLast = ({ votes }: Suspect) => votes + 1 >= VOTES_NEEDED;
    const early = pending.filter((suspect) => !isLast(suspect));
    const late = pending.filter(isLast);
    await inPages(early, { sides, page: PAGE, read: readHashes(hash) }, (suspect, target, source) => {
      settle(suspect, target.get(suspect.key), source.get(suspect.key));
      return Promise.resolve();
    });
    const told: Difference[] = [];
    await inPages(late, { sides, page: rowsPage, read: readRows(hash) }, (suspect, target, source) => {
      const [there, here] = [target.get(suspect.key), source.get(suspect.key)];
      const verdict = settle(suspect, tokenOf(there), tokenOf(here));
      if (verdict !== "confirmed") return Promise.resolve();
      const difference = describeDifference(input.comparison, suspect.key, here, there);
      if (difference) {
        told.push(difference);
        result.confirmed.push(difference.kind);
      }
      return told.length >= rowsPage ? input.onDifferences(told.splice(0)) : Promise.resolve();
    });
    if (told.length > 0) await input.onDifferences(told);
    pending = again;

    function settle(suspect: Suspect, target: string | undefined, source: string | undefined) {
      const verdict = judge(suspect, target, source, input.limits.maxRounds);
      if (verdict.state === "in-sync") result.inFlight += 1;
      else if (verdict.state === "unstable") result.unstable.push(suspect.key);
      else if (verdict.state === "again") again.push(verdict.suspect);
      return verdict.state;
    }
  }
  return result;
}

type Read<T> = (side: SideReader, keys: readonly KeyText[]) => Promise<Map<KeyText, T>>;

/** The target's page is always read before the source's; meanwhile the target reads its next one. */
async function inPages<T>(
  suspects: readonly Suspect[],
  { sides, page: size, read }: { sides: Sides; page: number; read: Read<T> },
  use: (suspect: Suspect, target: Map<KeyText, T>, source: Map<KeyText, T>) => Promise<void>,
): Promise<void> {
  const page = (at: number) => suspects.slice(at, at + size);
  const keysAt = (at: number) => page(at).map(({ key }) => key);
  const ahead = (at: number) => {
    const reading = read(sides.target, keysAt(at));
    // When the source fails first, nobody waits for this any more.
    reading.catch(() => undefined);
    return reading;
  };
  let next = suspects.length > 0 ? ahead(0) : undefined;
  for (let at = 0; next !== undefined; at += size) {
    const target = await next;
    next = at + size < suspects.length ? ahead(at + size) : undefined;
    const source = await read(sides.source, keysAt(at));
    for (const suspect of page(at)) await use(suspect, target, source);
  }
}

function readHashes(hash: HashKind): Read<string> {
  return async (side, keys) => {
    const found: HashesByKey = new Map();
    const { keys: present, hashes } = await side.keyHashes(hash, keys);
    collectHashes(found, present, hashes);
    return found;
  };
}

function readRows(hash: HashKind): Read<FoundRow[]> {
  return (side, keys) => side.rows(hash, keys);
}

function tokenOf(rows: readonly FoundRow[] | undefined): string | undefined {
  if (!rows) return undefined;
  const found: HashesByKey = new Map();
  for (const row of rows) collectHashes(found, [""], [row.hash]);
  return found.get("");
}

/** Nothing where the values are equal after all: hashes may tell apart what means the same. */
function describeDifference(
  { columns, keyLength }: Asked["comparison"],
  key: KeyText,
  here: readonly FoundRow[] | undefined,
  there: readonly FoundRow[] | undefined,
): Difference | undefined {
  const forms = columns.map(({ form }) => form);
  const [source, target] = keyLength === 0 ? [here?.[0], there?.[0]] : unequalRows(forms, here, there);
  const found = {
    key,
    keyValues: keyLength === 0 ? [key] : keyParts(key, keyLength),
    source: source?.values,
    target: target?.values,
    duplicates: Math.max(0, (there?.length ?? 0) - 1),
  };
  if (!there || !target) return { ...found, kind: "missing_in_target", columns: [] };
  if (!here || !source) return { ...found, kind: "missing_in_source", columns: [] };
  if (keyLength === 0) {
    const more = Number(source.hash) - Number(target.hash);
    const kind = more > 0 ? "missing_in_target" : "missing_in_source";
    return { ...found, kind, columns: [], duplicates: Math.abs(more) };
  }
  const differing = differingColumns(forms, source.values, target.values);
  if (differing.length === 0 && here.length === there.length) return undefined;
  return {
    ...found,
    kind: "value_mismatch",
    columns: differing.map((place) => columns[place]?.source ?? ""),
  };
}

/** Of several rows under one key, the first of each end that has no equal on the other; the first of all when every row has. */
function unequalRows(
  forms: readonly CanonicalForm[],
  here: readonly FoundRow[] = [],
  there: readonly FoundRow[] = [],
): [source: FoundRow | undefined, target: FoundRow | undefined] {
  const left = [...there];
  const alone = here.filter((row) => {
    const place = left.findIndex(({ values }) => differingColumns(forms, row.values, values).length === 0);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
  return [alone[0] ?? here[0], left[0] ?? there[0]];
}
