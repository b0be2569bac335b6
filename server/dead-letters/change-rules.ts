import { and, eq, isNull } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { deadLetterRules, deadLetterRuleVersions } from "#db/schema/dead-letters.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type {
  CreateRuleInput,
  EnableRuleInput,
  Rule,
  RuleId,
  UpdateRuleInput,
} from "#domain/dead-letters/rules.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { previewToken } from "./rule-conditions.ts";

type Needs = Pick<Deps, "db" | "now">;

/** Saves a rule that was previewed; it is in force within seconds. */
export async function createRule(
  { db, now }: Needs,
  actor: Actor,
  { rule, enabled, previewed }: CreateRuleInput,
): Promise<{ id: number }> {
  requireRight(actor, rule);
  requirePreview(rule, previewed);
  const at = now();
  return await db.transaction(async (tx) => {
    const [made] = await tx
      .insert(deadLetterRules)
      .values({
        version: 1,
        rule,
        enabled,
        createdAt: at,
        createdBy: actor.id,
        updatedAt: at,
        updatedBy: actor.id,
      })
      .returning({ id: deadLetterRules.id });
    if (!made) throw new Error("the rule was not kept");
    await keep(tx, actor, at, { id: made.id, version: 1, rule, enabled }, "create", {});
    return made;
  });
}

/** Saves a new version. What the old one did with groups is undone, and done anew by the new one. */
export async function updateRule(
  { db, now }: Needs,
  actor: Actor,
  { id, version, rule, previewed }: UpdateRuleInput,
): Promise<{ version: number }> {
  requireRight(actor, rule);
  requirePreview(rule, previewed);
  const at = now();
  return await db.transaction(async (tx) => {
    const held = await requireRule(tx, id);
    requireRight(actor, held.rule);
    if (held.version !== version)
      throw new AppError("conflict", "Somebody saved another version of this rule meanwhile; reload it");
    const next = { id, version: version + 1, rule, enabled: held.enabled };
    await tx
      .update(deadLetterRules)
      .set({ version: next.version, rule, updatedAt: at, updatedBy: actor.id })
      .where(eq(deadLetterRules.id, id));
    await keep(tx, actor, at, next, "update", { before: held.rule, after: rule });
    return { version: next.version };
  });
}

/** Turns a rule on or off. Off, merged and divided groups are as they were before it. */
export async function enableRule(
  { db, now }: Needs,
  actor: Actor,
  { id, enabled }: EnableRuleInput,
): Promise<void> {
  const at = now();
  await db.transaction(async (tx) => {
    const held = await requireRule(tx, id);
    requireRight(actor, held.rule);
    if (held.enabled === enabled) return;
    const next = { id, version: held.version + 1, rule: held.rule, enabled };
    await tx
      .update(deadLetterRules)
      .set({ version: next.version, enabled, updatedAt: at, updatedBy: actor.id })
      .where(eq(deadLetterRules.id, id));
    await keep(tx, actor, at, next, enabled ? "enable" : "disable", {});
  });
}

/** The rule ends; its versions stay for whoever asks. */
export async function deleteRule({ db, now }: Needs, actor: Actor, { id }: RuleId): Promise<void> {
  const at = now();
  await db.transaction(async (tx) => {
    const held = await requireRule(tx, id);
    requireRight(actor, held.rule);
    const next = { id, version: held.version + 1, rule: held.rule, enabled: false };
    await tx
      .update(deadLetterRules)
      .set({ version: next.version, enabled: false, deletedAt: at, updatedAt: at, updatedBy: actor.id })
      .where(eq(deadLetterRules.id, id));
    await keep(tx, actor, at, next, "delete", {});
  });
}

/** Sending records by themselves and mending the way of grouping reach further than one repair. */
function requireRight(actor: Actor, { action }: Rule): void {
  requirePermission(actor, "dead-letters:repair");
  if (action.do === "replay") requirePermission(actor, "plans:approve");
}

function requirePreview(rule: Rule, previewed: string): void {
  if (previewToken(rule) !== previewed)
    throw new AppError(
      "precondition_failed",
      "The rule was changed after its preview; look at what it would match again",
    );
}

async function requireRule(tx: DbOrTx, id: number) {
  const [held] = await tx
    .select()
    .from(deadLetterRules)
    .where(and(eq(deadLetterRules.id, id), isNull(deadLetterRules.deletedAt)))
    .for("update");
  if (!held) throw new AppError("not_found", "There is no such rule");
  return held;
}

async function keep(
  tx: DbOrTx,
  actor: Actor,
  at: Date,
  { id, version, rule, enabled }: { id: number; version: number; rule: Rule; enabled: boolean },
  verb: "create" | "update" | "enable" | "disable" | "delete",
  detail: Record<string, unknown>,
): Promise<void> {
  await tx.insert(deadLetterRuleVersions).values({
    ruleId: id,
    version,
    rule,
    enabled,
    deleted: verb === "delete",
    at,
    by: actor.id,
  });
  await notifyChange(tx, "deadLetters", "rules");
  await appendAudit(tx, actor, {
    action: `dead-letter-rule.${verb}`,
    subject: { rule: String(id), name: rule.name },
    outcome: "succeeded",
    detail: { version, ...(verb === "create" ? { rule } : {}), ...detail },
  });
}
