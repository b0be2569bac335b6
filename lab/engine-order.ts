type Dependent = { name: string; after: readonly string[] };

/** Ends everything, each one after those that need it, and everything that can at the same time. */
export async function inStopOrder<T extends Dependent>(
  items: readonly T[],
  stop: (item: T) => Promise<void>,
): Promise<void> {
  const stopping = new Map<string, Promise<void>>();
  const stopOnce = (item: T): Promise<void> => {
    const begun = stopping.get(item.name);
    if (begun) return begun;
    const dependents = items.filter(({ after }) => after.includes(item.name));
    const done = Promise.allSettled(dependents.map(stopOnce)).then(() => stop(item));
    stopping.set(item.name, done);
    return done;
  };
  const outcomes = await Promise.allSettled(items.map(stopOnce));
  const failures = outcomes.filter((outcome) => outcome.status === "rejected");
  if (failures.length > 0) {
    throw new Error(
      failures.map(({ reason }) => (reason instanceof Error ? reason.message : String(reason))).join("\n"),
    );
  }
}

/** Starts everything, each one when those it needs have started; the first failure keeps the rest from beginning. */
export async function inStartOrder<T extends Dependent>(
  items: readonly T[],
  start: (item: T) => Promise<void>,
): Promise<void> {
  const starting = new Map<string, Promise<void>>();
  let failure: unknown;
  const startOnce = (item: T): Promise<void> => {
    const begun = starting.get(item.name);
    if (begun) return begun;
    const needed = items.filter(({ name }) => item.after.includes(name));
    const done = Promise.all(needed.map(startOnce)).then(async () => {
      if (failure !== undefined) throw failure;
      await start(item).catch((error: unknown) => {
        failure ??= error;
        throw error;
      });
    });
    starting.set(item.name, done);
    return done;
  };
  await Promise.allSettled(items.map(startOnce));
  if (failure !== undefined) throw failure;
}
