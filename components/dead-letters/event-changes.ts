import type { ConfigChange } from "#components/ui/config-diff.tsx";
import type { Revealed } from "./dead-letter-outputs.ts";

/** Column by column what the event changed; undefined where it is no change event. */
export function eventChanges({
  before,
  after,
}: Pick<Revealed, "before" | "after">): ConfigChange[] | undefined {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  if (!old && !now) return undefined;
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...names]
    .map((key) => ({ key, before: textOf(old, key), after: textOf(now, key) }))
    .filter((change) => change.before !== change.after);
}

function textOf(fields: Record<string, unknown> | undefined, key: string): string | undefined {
  if (!fields || !(key in fields)) return undefined;
  const value = fields[key];
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const SHOWN_BYTES = 4_096;

/** Sixteen bytes a line, with what is readable of them at the right. */
export function hexOf(base64: string | null): string {
  if (base64 === null) return "null";
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).subarray(0, SHOWN_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = [...bytes.subarray(at, at + 16)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.length === 0 ? "empty" : lines.join("\n");
}
