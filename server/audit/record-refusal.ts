import type { Actor } from "#domain/access/permissions.ts";
import type { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { appendAudit } from "./audited.ts";
import { isRefusalRecorded, markRefusalRecorded } from "./recorded-refusals.ts";

/**
 * For the doors: what somebody tried without the right to do it. A few per person and call each minute, so that nobody
 * can flood the trail; the log has the rest. Never in the way of the answer itself.
 */
export async function recordRefusal(
  { db, limits, log }: Pick<Deps, "db" | "limits" | "log">,
  actor: Actor,
  call: string,
  error: AppError,
): Promise<void> {
  // Somebody without any role was recorded as refused at sign-in; every page they open would say it again.
  if (error.code !== "forbidden" || actor.roles.length === 0 || isRefusalRecorded(error)) return;
  markRefusalRecorded(error);
  log.warn({ actor: actor.id, call }, "refused for a missing permission");
  try {
    const { waitSeconds } = await limits.take("refusal", `${call}:${actor.id}`);
    if (waitSeconds > 0) return;
    await appendAudit(db, actor, {
      action: call,
      subject: {},
      outcome: "refused",
      detail: { refusal: error.message },
    });
  } catch (cause) {
    log.error({ err: cause, call }, "a refusal could not be written to the audit trail");
  }
}
