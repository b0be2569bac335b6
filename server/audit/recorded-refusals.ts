/** Refusals whose entry is already in the trail, written nearer to the act and with its subject. */
const recorded = new WeakSet<object>();

export function markRefusalRecorded(error: unknown): void {
  if (typeof error === "object" && error !== null) recorded.add(error);
}

export function isRefusalRecorded(error: object): boolean {
  return recorded.has(error);
}
