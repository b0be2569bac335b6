import { structuredPatch } from "diff";
import { cn } from "./cn.ts";

export interface TextDiffProps {
  before: string;
  after: string;
  label: string;
  /** Unchanged lines kept around each change. */
  context?: number;
}

export function TextDiffLines({ before, after, label, context = 3 }: TextDiffProps) {
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context });
  if (hunks.length === 0) return <p className="text-muted-foreground text-table">Both texts are the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-[32rem] overflow-auto rounded-md border">
      <table className="w-full border-collapse font-mono text-meta leading-5">
        <caption className="sr-only">{label}</caption>
        {hunks.map((hunk) => (
          <tbody key={`${hunk.oldStart}-${hunk.newStart}`} className="border-b last:border-b-0">
            <tr className="bg-muted text-muted-foreground">
              <td colSpan={3} className="px-2">
                from line {hunk.oldStart}
              </td>
            </tr>
            {numbered(hunk).map((line) => (
              <tr key={line.key} className={ROW[line.sign]}>
                <td className="w-10 select-none px-2 text-right text-muted-foreground">{line.number}</td>
                <td className={cn("w-4 select-none text-center font-bold", SIGN[line.sign])}>
                  {line.sign === " " ? "" : line.sign}
                </td>
                <td className="whitespace-pre pr-3">{line.text}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

type Sign = "+" | "-" | " ";
const ROW: Record<Sign, string> = { "+": "bg-healthy-soft", "-": "bg-failed-soft", " ": "" };
const SIGN: Record<Sign, string> = { "+": "text-healthy", "-": "text-failed", " ": "" };

interface Hunk {
  oldStart: number;
  newStart: number;
  lines: readonly string[];
}

function numbered(hunk: Hunk) {
  let oldLine = hunk.oldStart;
  let newLine = hunk.newStart;
  return hunk.lines
    .filter((line) => !line.startsWith("\\"))
    .map((line) => {
      const sign: Sign = line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
      const number = sign === "-" ? oldLine : newLine;
      if (sign !== "+") oldLine += 1;
      if (sign !== "-") newLine += 1;
      return { key: `${sign}${oldLine}-${newLine}`, sign, number, text: line.slice(1) };
    });
}
