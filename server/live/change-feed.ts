import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { z } from "zod";
import type { Log } from "#server/log.ts";
import { CHANGES_CHANNEL } from "./notify-change.ts";

const Notice = z.object({ subject: z.string(), key: z.string() });

export type Change =
  | { kind: "changed"; subject: string; key: string }
  /** The connection to PostgreSQL was lost for a while: anything may have changed. */
  | { kind: "missed" }
  /** It is lost now, and nothing is heard until the next `missed`. */
  | { kind: "lost" };

export interface ChangeFeed {
  /** Returns how to stop listening. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** A connection that vanished without a word is noticed after this long at the latest. */
const PROBE_MS = 15_000;
const RECONNECT_MS = 1_000;

/** One LISTEN connection per process, open while anybody listens, however many browsers there are. */
export function createChangeFeed({ pool, log }: { pool: pg.Pool; log: Log }): ChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  let running: AbortController | undefined;
  let isLost = false;

  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // Also the first time: whoever came before PostgreSQL listened has missed what happened until now.
        await listen(signal, () => {
          isLost = false;
          tell({ kind: "missed" });
        });
      } catch (err) {
        if (signal.aborted) break;
        if (!isLost) tell({ kind: "lost" });
        isLost = true;
        log.warn({ err }, "the connection for changes was lost");
      }
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async function listen(signal: AbortSignal, onReady: () => void): Promise<void> {
    const client = await pool.connect();
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    client.on("error", broken.reject);
    client.on("end", () => broken.reject(new Error("the connection ended")));
    client.on("notification", ({ payload }) => {
      const notice = readNotice(payload);
      if (notice) tell({ kind: "changed", ...notice });
    });
    const stop = () => broken.reject(new Error("nobody listens any more"));
    signal.addEventListener("abort", stop);
    try {
      await client.query(`listen ${CHANGES_CHANNEL}`);
      onReady();
      while (!signal.aborted) {
        await Promise.race([broken.promise, sleep(PROBE_MS, undefined, { ref: false })]);
        await Promise.race([broken.promise, client.query("select 1"), tooLate()]);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      client.removeAllListeners("notification");
      // Not back into the pool: it still listens, or is broken.
      client.release(true);
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (isLost) listener({ kind: "lost" });
      if (!running) {
        running = new AbortController();
        void run(running.signal);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        running?.abort();
        running = undefined;
        isLost = false;
      };
    },
  };
}

async function tooLate(): Promise<never> {
  await sleep(5_000, undefined, { ref: false });
  throw new Error("the state database did not answer within 5 s");
}

function readNotice(payload: string | undefined): { subject: string; key: string } | undefined {
  try {
    return Notice.parse(JSON.parse(payload ?? ""));
  } catch {
    return undefined; // Somebody else's notice on our channel.
  }
}
