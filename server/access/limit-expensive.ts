import type { Actor } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";

/** For verbs that dial other systems or read a lot: so many per person, call and minute. Jobs are not people. */
export function limitExpensive(deps: Pick<Deps, "limits">, actor: Actor, name: string): Promise<void> {
  return limit(deps, actor, "expensive", name);
}

/** For small questions to another system that one screen asks many of. */
export function limitLookup(deps: Pick<Deps, "limits">, actor: Actor, name: string): Promise<void> {
  return limit(deps, actor, "lookup", name);
}

async function limit(
  { limits }: Pick<Deps, "limits">,
  actor: Actor,
  rule: "expensive" | "lookup",
  name: string,
): Promise<void> {
  if (actor.via === "worker") return;
  const { waitSeconds } = await limits.take(rule, `${name}:${actor.id}`);
  if (waitSeconds === 0) return;
  const unit = waitSeconds === 1 ? "second" : "seconds";
  throw new AppError("too_many_requests", `That was asked very often. Try again in ${waitSeconds} ${unit}`, {
    retryable: true,
  });
}
