import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { CREDENTIAL_FILTER } from "#domain/credentials/list-filter.ts";
import type { Reader, ReferenceCheck, ReferenceState } from "#domain/credentials/reference-check.ts";
import type { CredentialUse } from "#domain/credentials/schema.ts";
import { type FilterToken, parseFilter, satisfies } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { readUses } from "./read-uses.ts";
import { checkKeyText, readStoredChecks } from "./stored-checks.ts";

export interface CredentialRow {
  cluster: string;
  /** `vault://mount/path#key[@version]` */
  reference: string;
  mount: string;
  path: string;
  key: string;
  pinnedVersion: number | undefined;
  reader: Reader;
  uses: CredentialUse[];
  /** What Vault last showed; undefined before it was asked for the first time. */
  check: ReferenceCheck | undefined;
}

export interface CredentialPage extends ListPage<CredentialRow> {
  /** Over all rows of the filter. */
  states: Partial<Record<ReferenceState | "unchecked", number>>;
}

/** Every reference in use with its users and what Vault last showed; Vault is not asked. */
export async function listCredentials(
  deps: Pick<Deps, "db" | "config" | "now">,
  actor: Actor,
  { filter, sort, page, pageSize }: ListInput,
): Promise<CredentialPage> {
  requirePermission(actor, "credentials:view");
  const [uses, checks] = await Promise.all([readUses(deps), readStoredChecks(deps.db)]);
  const { tokens, text } = parseFilter(filter, CREDENTIAL_FILTER);
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const byKey = [...Map.groupBy(tokens, (token) => `${token.key}/${token.negated}`).values()];
  const now = deps.now();
  const rows = uses
    .map(({ cluster, reference, reader, parsed, uses: usedBy }): CredentialRow => {
      const { mount, path, key, version } = parsed;
      const check = checks.get(checkKeyText({ cluster, reference, reader }));
      return { cluster, reference, mount, path, key, pinnedVersion: version, reader, uses: usedBy, check };
    })
    .filter((row) => words.every((word) => isAbout(row, word)))
    .filter((row) =>
      byKey.every((same) => {
        const both = same[0]?.negated || same[0]?.key === "changed";
        return both
          ? same.every((token) => holds(row, token, now))
          : same.some((token) => holds(row, token, now));
      }),
    )
    .sort(orderOf(sort));
  const states: CredentialPage["states"] = {};
  for (const row of rows) states[stateOf(row)] = (states[stateOf(row)] ?? 0) + 1;
  return { total: rows.length, states, rows: rows.slice((page - 1) * pageSize, page * pageSize) };
}

function stateOf(row: CredentialRow): ReferenceState | "unchecked" {
  return row.check?.state ?? "unchecked";
}

function isAbout(row: CredentialRow, word: string): boolean {
  return (
    row.reference.toLowerCase().includes(word) ||
    row.uses.some((use) => use.name.toLowerCase().includes(word))
  );
}

function holds(row: CredentialRow, token: FilterToken, now: Date): boolean {
  const equal = (is: boolean) => is !== token.negated;
  const value = token.value.toLowerCase();
  switch (token.key) {
    case "state":
      return equal(stateOf(row) === value);
    case "reader":
      return equal(row.reader === value);
    case "cluster":
      return equal(row.cluster.toLowerCase() === value);
    case "mount":
      return equal(row.mount.toLowerCase() === value);
    case "used-by":
      return equal(row.uses.some((use) => use.name.toLowerCase().includes(value)));
    default:
      return (
        row.check?.changedAt !== undefined && satisfies(token, now.getTime() - row.check.changedAt.getTime())
      );
  }
}

/** Worst first: what stops a connector, then what nobody knows, then what is well. */
const SEVERITY: Record<ReferenceState | "unchecked", number> = {
  secret_missing: 0,
  key_missing: 0,
  version_missing: 0,
  deleted: 0,
  destroyed: 0,
  no_mount: 0,
  denied: 1,
  sealed: 2,
  unreachable: 2,
  not_configured: 2,
  unchecked: 3,
  ok: 4,
};

function orderOf(sort: string): (a: CredentialRow, b: CredentialRow) => number {
  const direction = sort.startsWith("-") ? -1 : 1;
  const column = sort.replace(/^-/, "");
  const byReference = (a: CredentialRow, b: CredentialRow) =>
    compare(a.reference, b.reference) || compare(a.cluster, b.cluster) || compare(a.reader, b.reader);
  const value = SORTABLE[column] ?? SORTABLE.state;
  return (a, b) => direction * compare(value?.(a) ?? 0, value?.(b) ?? 0) || byReference(a, b);
}

const SORTABLE: Record<string, (row: CredentialRow) => string | number> = {
  reference: (row) => row.reference,
  cluster: (row) => row.cluster,
  reader: (row) => row.reader,
  state: (row) => SEVERITY[stateOf(row)],
  uses: (row) => row.uses.length,
  version: (row) => row.check?.version ?? 0,
  changed: (row) => row.check?.changedAt?.getTime() ?? 0,
  checked: (row) => row.check?.checkedAt.getTime() ?? 0,
};

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
