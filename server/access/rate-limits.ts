import { createHash } from "node:crypto";
import type pg from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";

/** What is limited, and how often within how many seconds; counted in PostgreSQL, so for all web processes together. */
const RULES = {
  /** Starting a sign-in or coming back from the provider, per address. */
  signIn: { points: 60, duration: 60 },
  /** Logout tokens, per address: the provider sends one per session. */
  backchannelLogout: { points: 120, duration: 60 },
  /** Calls that dial other systems or read a lot, per person and call. */
  expensive: { points: 30, duration: 60 },
  /** Questions to Vault about one reference: a form asks while somebody types, a table about all it shows. */
  lookup: { points: 240, duration: 60 },
  /** Refusals written to the audit trail, per person and call. */
  refusal: { points: 5, duration: 60 },
} as const;
export type RateLimitRule = keyof typeof RULES;

export interface RateLimits {
  /** Counts one use; `waitSeconds` is 0 while it is within the limit. */
  take(rule: RateLimitRule, key: string): Promise<{ waitSeconds: number }>;
}

export function createRateLimits(pool: pg.Pool): RateLimits {
  const limiters = new Map(
    Object.entries(RULES).map(([rule, limit]) => [
      rule,
      new RateLimiterPostgres({
        storeClient: pool,
        storeType: "pool",
        tableName: "rate_limits",
        tableCreated: true,
        keyPrefix: rule,
        ...limit,
      }),
    ]),
  );
  return {
    async take(rule, key) {
      const limiter = limiters.get(rule);
      if (!limiter) throw new Error(`There is no rate limit ${rule}`);
      try {
        await limiter.consume(fitting(key));
        return { waitSeconds: 0 };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { waitSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
      }
    },
  };
}

/** The table's key has room for 255 characters; what people send may be longer. */
function fitting(key: string): string {
  return key.length <= 200 ? key : createHash("sha256").update(key).digest("hex");
}
