const count = new Intl.NumberFormat("en-US");
const oneDecimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** 1204 → "1,204". Always all digits: an operator compares counts. */
export function formatCount(value: number | bigint): string {
  return count.format(value);
}

/** "1 event", "1,204 events"; give the plural when it is not the noun with an s. */
export function formatCounted(value: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${Number(value) === 1 ? noun : plural}`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${oneDecimal.format(value)} ${BYTE_UNITS[unit]}`;
}

/** 0.4 → "0.4/s", 1234.5 → "1,235/s" */
export function formatRate(perSecond: number): string {
  return `${perSecond < 10 ? oneDecimal.format(perSecond) : count.format(Math.round(perSecond))}/s`;
}
