import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ProposeReplayInput } from "#domain/dead-letters/replay-input.ts";
import { orderReplay, type ReplayCandidate } from "#domain/dead-letters/replay-order.ts";
import type { Verdict } from "#domain/dead-letters/schema.ts";
import { isSentByDefault, type Judgement } from "#domain/dead-letters/verdict.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { Consequence, PlanDraft, PlanStep } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { copyLine, copyRows } from "./copy-rows.ts";
import { originalOf, prepareVerdicts, type SelectedLetter } from "./prepare-verdicts.ts";
import { inTransaction, selectionSql } from "./settle-records.ts";

/** A replay larger than this is split by its filter: verdicts and results are kept per record. */
const MOST_RECORDS = 500_000;

export interface ProposedReplay {
  planId: string;
  replayId: string;
  counts: Record<Verdict | "duplicate" | "sent", number>;
}

type Needs = Pick<Deps, "db" | "pool" | "planKinds" | "now" | "connect" | "cluster" | "topicAdmin">;

/** Freezes which dead letters are sent again, in which order, with a verdict on each. */
export function proposeReplay(deps: Needs, actor: Actor, input: ProposeReplayInput): Promise<ProposedReplay> {
  return freezeReplay(deps, actor, input, {});
}

/** A value written by hand in the place of a dead letter's own. */
export interface ReplayEdit {
  deadLetterId: number;
  value: Buffer;
  /** Path → what it was and is, without values. */
  changes: Record<string, [was: string, is: string]>;
  reason: string;
  table: string;
}

interface FreezeOptions {
  edit?: ReplayEdit;
  /** Of what would be sent only the first so many are taken, and nothing else is. */
  atMost?: number;
}

export async function freezeReplay(
  deps: Needs,
  actor: Actor,
  input: ProposeReplayInput,
  { edit, atMost }: FreezeOptions,
): Promise<ProposedReplay> {
  requirePermission(actor, "dead-letters:repair");
  const { cluster, alsoSend, canary, targetTopic } = input;
  const letters = await selectedLetters(deps, input);
  if (targetTopic !== undefined) await requireTopic(deps, cluster, targetTopic);
  const { scannedTo, judgeLetter } = await prepareVerdicts(deps, cluster, letters);
  const judgements = new Map<number, Judgement>();
  const candidates = letters.map((letter): ReplayCandidate => {
    const judgement = judgeLetter(letter);
    judgements.set(Number(letter.id), judgement);
    return {
      id: Number(letter.id),
      at: { topic: String(letter.topic_id), partition: letter.partition, offset: Number(letter.offset) },
      original: originalOf(letter),
      keyHash: letter.key_hash ?? undefined,
      verdict: judgement.verdict,
    };
  });
  const isSent = ({ verdict, original }: ReplayCandidate) =>
    (original !== undefined || targetTopic !== undefined) &&
    (isSentByDefault(verdict) ||
      (verdict !== "safe" &&
        verdict !== "chained" &&
        verdict !== "superseded" &&
        alsoSend.includes(verdict)));
  const ordered = orderReplay(candidates);
  const { items, duplicates } =
    atMost === undefined || !ordered.items.some(isSent)
      ? ordered
      : orderReplay(ordered.items.filter(isSent).slice(0, atMost));
  const sent = items.filter(isSent).length;
  const counts = {
    safe: 0,
    superseded: 0,
    chained: 0,
    unknown: 0,
    blocked: 0,
    duplicate: duplicates.length,
    sent,
  };
  for (const item of items) counts[item.verdict] += 1;
  if (sent === 0)
    throw new AppError(
      "precondition_failed",
      `None of these ${letters.length} records would be sent: ${describe(counts)}. ${judgements.get(items[0]?.id ?? 0)?.reason ?? ""}`,
    );
  const replayId = randomUUID();
  const byId = new Map(letters.map((letter) => [Number(letter.id), letter]));
  await inTransaction(deps.pool, async (client) => {
    await client.query(
      `insert into dead_letter_replays (id, cluster, created_at, created_by, target, rate_per_second, selection, scanned_to)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        replayId,
        cluster,
        deps.now(),
        actor.id,
        targetTopic ?? "original",
        input.ratePerSecond ?? null,
        JSON.stringify(input.selection).slice(0, 2_000),
        JSON.stringify(scannedTo),
      ],
    );
    await copyRows(
      client,
      `dead_letter_replay_items (replay_id, position, dead_letter_id, topic_id, incarnation, partition, "offset", key_hash, connector,
        verdict, reason, wave, chain, state, target_topic, target_partition, message)`,
      items.map((item) => {
        const reason = judgements.get(item.id)?.reason ?? "";
        const letter = byId.get(item.id);
        return copyLine([
          replayId,
          item.position,
          item.id,
          letter?.topic_id,
          letter?.incarnation,
          item.at.partition,
          item.at.offset,
          item.keyHash,
          letter?.connector ?? "",
          item.verdict,
          reason,
          item.wave,
          item.chain,
          isSent(item) ? "waiting" : "skipped",
          targetTopic ?? item.original?.topic,
          item.original?.partition ?? 0,
          isSent(item) ? null : reason,
        ]);
      }),
    );
    if (edit)
      await client.query(
        "insert into dead_letter_edits (replay_id, position, value, created_at) values ($1, $2, $3, $4)",
        [
          replayId,
          items.find((item) => item.id === edit.deadLetterId)?.position ?? 0,
          edit.value,
          deps.now(),
        ],
      );
  });
  // Made in one go, the rows are unknown to the planner until autovacuum comes by, long after they were sent.
  if (items.length > 10_000) await deps.pool.query("analyze dead_letter_replay_items");
  const step = (key: string, title: string, upTo: number): PlanStep => ({
    key,
    title,
    input: { replayId, upTo },
  });
  const isCanaryWorth = canary > 0 && sent > canary * 2;
  const topics =
    targetTopic === undefined
      ? [...new Set(letters.map((letter) => letter.original_topic ?? ""))].filter(Boolean)
      : [targetTopic];
  const { id: planId } = await proposePlan(deps, actor, {
    kind: "dead-letters.replay",
    title: `Replay ${edit ? "one edited dead letter" : `${sent} dead ${sent === 1 ? "letter" : "letters"}`} to ${topics.length === 1 ? topics[0] : `${topics.length} topics`}`,
    subject: { cluster, replay: replayId, topics: topics.slice(0, 5).join(", ") },
    ...dangerOf(input, counts, edit),
    counts: { ...counts, records: atMost === undefined ? letters.length : items.length },
    confirmCount: "sent",
    locks: topics.map((topic) => `dead-letters:${cluster}/${topic}`),
    consequences: [...editConsequences(edit), ...consequences(counts, letters, targetTopic)],
    ...(edit ? { diff: editDiff(edit) } : {}),
    steps: [
      ...(isCanaryWorth
        ? [
            step(
              "canary",
              `Send ${canary} records and wait until the sink has written them`,
              positionOf(items.filter(isSent), canary),
            ),
          ]
        : []),
      step(
        "send",
        isCanaryWorth ? "Send the others" : "Send them and wait until the sink has written them",
        items.length,
      ),
    ],
  });
  await deps.pool.query("update dead_letter_replays set plan_id = $2 where id = $1", [replayId, planId]);
  return { planId, replayId, counts };
}

function dangerOf(
  { cluster, alsoSend }: ProposeReplayInput,
  { unknown, sent }: ProposedReplay["counts"],
  edit: ReplayEdit | undefined,
): Pick<PlanDraft, "level" | "confirmName"> {
  if (edit || (alsoSend.includes("unknown") && unknown > 0)) return { level: 3, confirmName: cluster };
  return { level: sent > 100 || alsoSend.length > 0 ? 2 : 1 };
}

function editConsequences(edit: ReplayEdit | undefined): Consequence[] {
  if (!edit) return [];
  const paths = Object.keys(edit.changes);
  return [
    {
      severity: "danger",
      text: `The target gets data that ${edit.table || "the source"} does not have: ${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ` and ${paths.length - 5} more` : ""} ${paths.length === 1 ? "was" : "were"} written by hand. The next change of the row replaces it. Reason: ${edit.reason}`,
    },
  ];
}

/** Values are payload: those who may see them look at the edit itself. */
function editDiff({ changes }: ReplayEdit): NonNullable<PlanDraft["diff"]> {
  const side = (index: 0 | 1) =>
    Object.fromEntries(Object.entries(changes).map(([path, kinds]) => [path, kinds[index]]));
  return { before: side(0), after: side(1) };
}

async function selectedLetters(
  deps: Pick<Deps, "pool" | "now">,
  { selection, cluster }: ProposeReplayInput,
): Promise<SelectedLetter[]> {
  const { text, values } = await selectionSql(deps, selection, deps.now());
  const { rows } = await deps.pool.query<SelectedLetter>(
    `select d.id, d.topic_id, d.incarnation, d.partition, d."offset", home.connector, d.original_topic, d.original_partition, d.original_offset, d.key_hash,
            coalesce(tried.failed, 0) as failed_replays, tried.marker as last_marker
       from dead_letters d join dead_letter_groups g on g.id = d.group_id and g.cluster = $${values.length + 1}
       join dead_letter_groups home on home.id = coalesce(d.home_group_id, d.group_id)
       left join lateral (select count(*) filter (where a.outcome = 'failed') as failed, (array_agg(a.marker order by a.at desc))[1] as marker
                            from dead_letter_attempts a where a.dead_letter_id = d.id) tried on d.attempts > 0
      where d.status = 'PENDING' and ${text} limit ${MOST_RECORDS + 1}`,
    [...values, cluster],
  );
  if (rows.length === 0)
    throw new AppError("precondition_failed", "No open dead letter of this cluster is selected");
  if (rows.length > MOST_RECORDS)
    throw new AppError("invalid", `A replay takes at most ${MOST_RECORDS} records; narrow the selection`);
  return rows;
}

async function requireTopic(
  { topicAdmin }: Pick<Deps, "topicAdmin">,
  cluster: string,
  topic: string,
): Promise<void> {
  const topics = await topicAdmin(cluster).list();
  if (!topics.includes(topic))
    throw new AppError("invalid", `There is no topic ${topic} in ${cluster}; make it first`);
}

/** The place behind the n-th record that is sent. */
function positionOf(sent: readonly { position: number }[], n: number): number {
  return (sent[n - 1]?.position ?? 0) + 1;
}

function describe(counts: ProposedReplay["counts"]): string {
  return Object.entries(counts)
    .filter(([name, count]) => count > 0 && name !== "sent")
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

function consequences(
  counts: ProposedReplay["counts"],
  letters: readonly SelectedLetter[],
  targetTopic: string | undefined,
): Consequence[] {
  const sinks = [...new Set(letters.map((letter) => letter.connector))];
  const found: Consequence[] = [
    {
      severity: "info",
      text: `${formatCounted(counts.sent, "record")} ${counts.sent === 1 ? "is" : "are"} sent with ${counts.sent === 1 ? "its" : "their"} raw bytes; ${describe(counts)}.`,
    },
    targetTopic === undefined
      ? {
          severity: "warning",
          text: `Every consumer of the original topics receives them again, not only ${sinks.join(", ") || "the sink that failed"}.`,
        }
      : {
          severity: "warning",
          text: `They go to ${targetTopic}, not to their own topics. Headgate does not watch who reads it: they count as resolved once Kafka has them.`,
        },
  ];
  if (counts.superseded > 0)
    found.push({
      severity: "info",
      text: `${counts.superseded} are left out: a newer event of their row was delivered. Read those rows again from the source if in doubt.`,
    });
  if (counts.chained > 0)
    found.push({
      severity: "info",
      text: `${counts.chained} belong to rows with several failed events: sent one after the other, and the first failure stops that row.`,
    });
  if (counts.unknown > 0)
    found.push({
      severity: "warning",
      text: `For ${counts.unknown} it cannot be told whether a newer event exists.`,
    });
  if (counts.duplicate > 0)
    found.push({
      severity: "info",
      text: `${counts.duplicate} tell of an event that is in the selection already; it is sent once.`,
    });
  return found;
}
