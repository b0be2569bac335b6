/** MariaDB's position: one `domain-server-sequence` per replication domain. The server does not count. */
export type GtidPosition = ReadonlyMap<string, bigint>;

export function parseGtids(text: string): GtidPosition {
  const position = new Map<string, bigint>();
  for (const part of text.split(",")) {
    const match = /^\s*(\d+)-\d+-(\d+)\s*$/.exec(part);
    if (!match?.[1] || !match[2]) continue;
    const sequence = BigInt(match[2]);
    const known = position.get(match[1]);
    if (known === undefined || sequence > known) position.set(match[1], sequence);
  }
  return position;
}

/** Everything up to `mark` lies behind `reached`, in every domain the mark names. */
export function hasReachedGtids(reached: GtidPosition, mark: GtidPosition): boolean {
  return [...mark].every(([domain, sequence]) => (reached.get(domain) ?? -1n) >= sequence);
}
