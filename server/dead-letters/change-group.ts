import { eq } from "drizzle-orm";
import { deadLetterGroups } from "#db/schema/dead-letters.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { AssignGroupInput, GroupId, MuteGroupInput } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

type GroupChange = Partial<typeof deadLetterGroups.$inferInsert>;

/** Keeps a known failure out of the list until it grows or its time has come. */
export function muteGroup(
  deps: Pick<Deps, "db">,
  actor: Actor,
  { id, untilCount, untilAt, reason }: MuteGroupInput,
): Promise<void> {
  const until = { muteUntilCount: untilCount ?? null, muteUntilAt: untilAt ?? null };
  return change(
    deps,
    actor,
    id,
    "dead-letter-group.mute",
    { status: "muted", ...until },
    { ...until, reason },
  );
}

export function unmuteGroup(deps: Pick<Deps, "db">, actor: Actor, { id }: GroupId): Promise<void> {
  return change(
    deps,
    actor,
    id,
    "dead-letter-group.unmute",
    { status: "open", muteUntilCount: null, muteUntilAt: null },
    {},
  );
}

export function assignGroup(
  deps: Pick<Deps, "db">,
  actor: Actor,
  { id, owner }: AssignGroupInput,
): Promise<void> {
  return change(deps, actor, id, "dead-letter-group.assign", { owner: owner || null }, { owner });
}

async function change(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  id: number,
  action: string,
  set: GroupChange,
  detail: Record<string, unknown>,
): Promise<void> {
  requirePermission(actor, "dead-letters:repair");
  await db.transaction(async (tx) => {
    const [group] = await tx
      .select({ status: deadLetterGroups.status })
      .from(deadLetterGroups)
      .where(eq(deadLetterGroups.id, id))
      .for("update");
    if (!group) throw new AppError("not_found", "There is no such failure group");
    if (set.status === "muted" && group.status === "resolved")
      throw new AppError("conflict", "This group is resolved; there is nothing to mute");
    if (set.status === "open" && group.status !== "muted")
      throw new AppError("conflict", "This group is not muted");
    await tx.update(deadLetterGroups).set(set).where(eq(deadLetterGroups.id, id));
    await notifyChange(tx, "deadLetters", `group/${id}`);
    await appendAudit(tx, actor, { action, subject: { group: String(id) }, outcome: "succeeded", detail });
  });
}
