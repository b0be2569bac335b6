import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

/** One line of the table a bench prints. `limit` is the bar from the issue or docs, `holds` says on which side of it to be. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  limit?: { atMost: number } | { atLeast: number };
  note?: string;
}

export interface Bench {
  name: string;
  about: string;
  /** It starts the engines it needs; the others find a lab of their own. */
  ownsEngines?: true;
  /** Prints what it works on through `say`; returns its figures. */
  run(say: (line: string) => void): Promise<Figure[]>;
}

export function describeMachine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model}, ${memory} GiB, Linux ${release()}, Node ${process.version}, commit ${commit()}`;
}

export function holds(figure: Figure): boolean | undefined {
  if (!figure.limit) return undefined;
  return "atMost" in figure.limit
    ? figure.value <= figure.limit.atMost
    : figure.value >= figure.limit.atLeast;
}

export function renderTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const verdict = holds(figure);
    const limit = figure.limit
      ? "atMost" in figure.limit
        ? `≤ ${figure.limit.atMost}`
        : `≥ ${figure.limit.atLeast}`
      : "";
    return [
      figure.name,
      format(figure.value),
      figure.unit,
      limit,
      verdict === undefined ? "" : verdict ? "holds" : "MISSED",
      figure.note ?? "",
    ];
  });
  const all = [["figure", "value", "unit", "bar", "", ""], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The last line of standard output, for programs. */
export function jsonLine(name: string, figures: readonly Figure[]): string {
  return JSON.stringify({
    bench: name,
    figures: Object.fromEntries(figures.map(({ name: key, value }) => [key, round(value)])),
  });
}

export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("no values were measured");
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function format(value: number): string {
  return String(round(value));
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4));
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
