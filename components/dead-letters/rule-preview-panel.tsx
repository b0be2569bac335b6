import { causeById } from "#domain/dead-letters/causes.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { RulePreview } from "./dead-letter-outputs.ts";

/** What the rule would have matched, were it in force now. */
export function RulePreviewPanel({ preview }: { preview: RulePreview }) {
  const { groups, records, open, samples, parts, partsAreCut, notes } = preview;
  return (
    <section
      aria-label="What it would match"
      className="flex flex-col gap-2 rounded-md border bg-muted/60 p-3 text-table"
    >
      <p role="status" className="font-medium">
        {groups === 0
          ? "It matches nothing that is known; it waits for what comes."
          : `It matches ${formatCounted(groups, "group")} with ${formatCounted(records, "record")}, ${formatCount(open)} of them open.`}
      </p>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {samples.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-meta">
          {samples.map((group) => (
            <li key={group.id} className="break-words">
              {causeById(group.cause).title} in <span className="font-mono">{group.table}</span> ·{" "}
              {formatCounted(group.records, "record")}
            </li>
          ))}
          {groups > samples.length && <li>and {formatCount(groups - samples.length)} more</li>}
        </ul>
      )}
      {parts.length > 0 && (
        <p className="break-words text-meta">
          {partsAreCut ? "The first would be divided into " : "They would be divided into "}
          {parts.map((part) => `${part.value || "none"} (${formatCount(part.records)})`).join(", ")}.
        </p>
      )}
    </section>
  );
}
