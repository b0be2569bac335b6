import type { Upstream, UpstreamCondition } from "./upstream.ts";
import { UPSTREAM_NAME } from "./upstream-name.ts";

export interface UpstreamSight {
  state: UpstreamCondition;
  /** One sentence when it is not up. */
  message: string | null;
  /** When it last answered: how old what is shown of it is. */
  lastOkAt: Date | null;
}

/** The observer looks every few seconds; silence beyond this is its own. */
const UNWATCHED_MS = 30_000;

/** What may be claimed about an upstream: nothing, once nobody has looked for a while. */
export function upstreamSight(
  upstream: Upstream,
  stored: (UpstreamSight & { checkedAt: Date }) | undefined,
  now: Date,
): UpstreamSight {
  if (!stored)
    return { state: "unknown", message: `${UPSTREAM_NAME[upstream]} was not looked at yet`, lastOkAt: null };
  const { state, message, lastOkAt, checkedAt } = stored;
  if (now.getTime() - checkedAt.getTime() <= UNWATCHED_MS) return { state, message, lastOkAt };
  return {
    state: "unknown",
    message: "Headgate's worker has not looked for a while: is it running?",
    lastOkAt,
  };
}
