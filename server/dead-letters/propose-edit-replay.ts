import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { describeEdit } from "#domain/dead-letters/edit-problems.ts";
import type { ProposeEditReplayInput, ReplayId } from "#domain/dead-letters/replay-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { encodeEdit } from "./encode-edit.ts";
import { freezeReplay, type ProposedReplay } from "./propose-replay.ts";
import { findStored, readRaw } from "./raw-record.ts";

/** Freezes one dead letter with a value written by hand. A second person has to look at it before it runs, always. */
export async function proposeEditReplay(
  deps: Pick<Deps, "db" | "pool" | "planKinds" | "now" | "connect" | "cluster" | "topicAdmin" | "registry">,
  actor: Actor,
  { cluster, id, value, reason }: ProposeEditReplayInput,
): Promise<ProposedReplay> {
  requirePermission(actor, "dead-letters:repair");
  requirePermission(actor, "dead-letters:reveal");
  const row = await findStored(deps, id);
  if (row.cluster !== cluster)
    throw new AppError("not_found", "There is no such dead letter in this cluster");
  const raw = await readRaw(deps, row);
  if (!raw)
    throw new AppError("precondition_failed", "Kafka no longer has this record, and no copy was kept");
  const edit = await encodeEdit(deps, cluster, raw, value);
  const changes = describeEdit(edit.shown, value);
  return await freezeReplay(
    deps,
    actor,
    { cluster, selection: { ids: [id] }, alsoSend: [], canary: 0 },
    { edit: { deadLetterId: id, value: edit.value, changes, reason, table: row.table_name } },
  );
}

export interface RevealedEdit {
  /** As the dead letter has it; undefined once Kafka has removed it. */
  before: unknown;
  after: unknown;
}

/** What exactly an edit changes, for the person who approves it; each look is in the audit trail. */
export async function revealEdit(
  deps: Pick<Deps, "db" | "pool" | "cluster" | "registry">,
  actor: Actor,
  { id }: ReplayId,
): Promise<RevealedEdit> {
  requirePermission(actor, "dead-letters:reveal");
  const { rows } = await deps.pool.query<{ cluster: string; dead_letter_id: string; value: Buffer | null }>(
    `select r.cluster, i.dead_letter_id, e.value from dead_letter_edits e
       join dead_letter_replays r on r.id = e.replay_id
       join dead_letter_replay_items i on i.replay_id = e.replay_id and i.position = e.position
      where e.replay_id = $1 order by e.position limit 1`,
    [id],
  );
  const [edit] = rows;
  if (!edit) throw new AppError("not_found", "This replay holds no edit, or it has been sent already");
  const act = {
    action: "dead-letter.reveal",
    subject: { cluster: edit.cluster, deadLetter: edit.dead_letter_id, replay: id },
    detail: { edit: true },
  };
  return await audited(deps.db, actor, act, async () => {
    const row = await findStored(deps, Number(edit.dead_letter_id));
    const raw = await readRaw(deps, row);
    const headers = Object.fromEntries(
      (raw?.headers ?? []).map(([name, value]) => [name, value ?? undefined]),
    );
    const avro = deps.registry(edit.cluster)?.avro;
    const [before, after] = await Promise.all([
      raw ? decodePart({ key: null, value: raw.value, headers }, "value", avro) : undefined,
      decodePart({ key: null, value: edit.value, headers }, "value", avro),
    ]);
    return { before: before?.value, after: after.value };
  });
}
