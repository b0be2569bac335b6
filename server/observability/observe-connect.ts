import { createHash } from "node:crypto";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { canonicalJson } from "#domain/audit/entry.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type ObservedRow, observedRow } from "#domain/observability/observed-row.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { ClusterMemory } from "./cluster-memory.ts";
import { recordUpstream } from "./record-upstream.ts";

/** More changes than this at once are told as one: every list is re-read anyway. */
const NAMED_CHANGES = 20;
const ROWS_PER_STATEMENT = 200;

type Listing = Awaited<ReturnType<ReturnType<Deps["connect"]>["list"]>>;

interface Known {
  /** Hash of what is stored. */
  fingerprint: string;
  /** Hash of what Connect answered, secrets included: stays in memory. */
  answer: string;
}

/** Asks one Connect cluster once per look and stores what differs from the last look. */
export function createConnectObserver(
  deps: Pick<Deps, "db" | "connect" | "now">,
  cluster: string,
  memory: ClusterMemory,
) {
  let known: Map<string, Known> | undefined;
  let version = "";

  return async function observeConnect(): Promise<void> {
    let listing: Listing;
    try {
      listing = await deps.connect(cluster).list();
      if (version === "") version = (await deps.connect(cluster).worker()).version;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      version = "";
      // A refusal is an answer: a worker that rebalances or starts up is there.
      const state = error.code === "conflict" || error.code === "upstream_rejected" ? "degraded" : "down";
      await recordUpstream(deps, cluster, "connect", { state, message: error.message });
      return;
    }
    try {
      known = await store(listing, known ?? (await readKnown()));
    } catch (error) {
      known = undefined; // What was written is not certain: read it again.
      throw error;
    }
    const facts = { version, connectors: Object.keys(listing).length };
    await recordUpstream(deps, cluster, "connect", { state: "up", facts });
  };

  async function readKnown(): Promise<Map<string, Known>> {
    const rows = await deps.db
      .select({ name: observedConnectors.name, fingerprint: observedConnectors.fingerprint })
      .from(observedConnectors)
      .where(and(eq(observedConnectors.cluster, cluster), isNull(observedConnectors.removedAt)));
    return new Map(rows.map(({ name, fingerprint }) => [name, { fingerprint, answer: "" }]));
  }

  async function store(listing: Listing, before: Map<string, Known>): Promise<Map<string, Known>> {
    const after = new Map<string, Known>();
    const changed: (ObservedRow & { fingerprint: string })[] = [];
    for (const [name, listed] of Object.entries(listing)) {
      const last = before.get(name);
      const answer = digest(JSON.stringify(listed));
      if (last?.answer === answer) {
        after.set(name, last);
        continue;
      }
      const row = observedRow(name, listed);
      if (!row) {
        if (last) after.set(name, last);
        continue;
      }
      const fingerprint = digest(canonicalJson(row));
      if (last?.fingerprint !== fingerprint) changed.push({ ...row, fingerprint });
      after.set(name, { fingerprint, answer });
    }
    const removed = [...before.keys()].filter((name) => !after.has(name));
    if (changed.length > 0 || removed.length > 0) {
      await write(changed, removed);
      memory.generation += 1;
    }
    return after;
  }

  async function write(
    changed: readonly (ObservedRow & { fingerprint: string })[],
    removed: readonly string[],
  ): Promise<void> {
    const at = deps.now();
    await deps.db.transaction(async (tx) => {
      for (let start = 0; start < changed.length; start += ROWS_PER_STATEMENT) {
        const rows = changed.slice(start, start + ROWS_PER_STATEMENT);
        await tx
          .insert(observedConnectors)
          .values(
            rows.map((row) => ({
              ...row,
              cluster,
              seenAt: at,
              changedAt: at,
              stateChangedAt: at,
              removedAt: null,
            })),
          )
          .onConflictDoUpdate({
            target: [observedConnectors.cluster, observedConnectors.name],
            set: {
              ...replacedColumns,
              stateChangedAt: sql`case when ${sameStates} then ${observedConnectors.stateChangedAt} else excluded.state_changed_at end`,
            },
          });
      }
      if (removed.length > 0) {
        await tx
          .update(observedConnectors)
          .set({ removedAt: at, changedAt: at, stateChangedAt: at })
          .where(
            and(eq(observedConnectors.cluster, cluster), inArray(observedConnectors.name, [...removed])),
          );
      }
      const names = [...changed.map((row) => row.name), ...removed];
      const keys = names.length > NAMED_CHANGES ? [cluster] : names.map((name) => `${cluster}/${name}`);
      for (const key of keys) await notifyChange(tx, "connectors", key);
      await notifyChange(tx, "pipelines", cluster);
    });
  }
}

const replacedColumns = Object.fromEntries(
  (
    [
      ["type", "type"],
      ["plugin", "plugin"],
      ["pluginVersion", "plugin_version"],
      ["state", "state"],
      ["trace", "trace"],
      ["tasks", "tasks"],
      ["config", "config"],
      ["plaintextSecretKeys", "plaintext_secret_keys"],
      ["worker", "worker"],
      ["fingerprint", "fingerprint"],
      ["changedAt", "changed_at"],
      ["removedAt", "removed_at"],
    ] as const
  ).map(([field, column]) => [field, sql.raw(`excluded.${column}`)]),
);

const sameStates = sql`${observedConnectors.removedAt} is null
  and ${observedConnectors.state} = excluded.state
  and jsonb_path_query_array(${observedConnectors.tasks}, '$[*].state') = jsonb_path_query_array(excluded.tasks, '$[*].state')`;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
