import type { QueryFilters } from "@tanstack/react-query";

export const EVERYTHING = "*";

/**
 * `meta` of queries that dial an outside system: they are read when somebody looks or asks, not with every change. Their
 * number is limited per person, and a change in our own store says nothing about them.
 */
export const ASKS_OUTSIDE = { asksOutside: true } as const;

/** The queries on the screen that a change of a subject makes old; `EVERYTHING` after changes may have been missed. */
export function changedBy(subject: string): QueryFilters {
  return {
    ...(subject === EVERYTHING ? {} : { queryKey: [[subject]] }),
    predicate: ({ meta }) => meta?.asksOutside !== true,
  };
}

export interface Rereads {
  /** Something of this subject changed. */
  ask: (subject: string) => void;
  stop: () => void;
}

/**
 * Reads a subject again at most once per `quietMs`, and never while its last reading is under way: changes that keep
 * coming would otherwise cancel every reading before it arrives. The last change is always read.
 */
export function createRereads(read: (subject: string) => Promise<unknown>, quietMs: number): Rereads {
  const running = new Map<string, { again: boolean }>();
  let isStopped = false;

  async function run(subject: string, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      await Promise.all([
        Promise.resolve(read(subject)).catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, quietMs)),
      ]);
    } while (state.again && !isStopped);
    running.delete(subject);
  }

  return {
    ask(subject) {
      const state = running.get(subject);
      if (state) {
        state.again = true;
        return;
      }
      const fresh = { again: false };
      running.set(subject, fresh);
      void run(subject, fresh);
    },
    stop() {
      isStopped = true;
    },
  };
}
