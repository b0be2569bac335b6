import { CodeBlock } from "#components/ui/code-block.tsx";
import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import type { ReadinessFinding, ReadinessState } from "#domain/databases/readiness-facts.ts";

const STATUS: Record<ReadinessState, Status> = {
  ok: "healthy",
  warning: "degraded",
  blocker: "failed",
  unknown: "unknown",
};
const ORDER: readonly ReadinessState[] = ["blocker", "warning", "unknown", "ok"];

/** What the source lacks first, each with the statement that brings it about; what is fine folds away. */
export function ReadinessList({ findings }: { findings: readonly ReadinessFinding[] }) {
  const open = ORDER.slice(0, 3).flatMap((state) => findings.filter((finding) => finding.state === state));
  const fine = findings.filter((finding) => finding.state === "ok");
  return (
    <div className="flex flex-col gap-2">
      <Findings findings={open} />
      {fine.length > 0 && (
        <details>
          <summary className="cursor-pointer text-table">{fine.length} checks passed</summary>
          <Findings findings={fine} />
        </details>
      )}
    </div>
  );
}

function Findings({ findings }: { findings: readonly ReadinessFinding[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {findings.map((finding) => (
        <li
          key={`${finding.check} ${finding.subject ?? ""} ${finding.sentence}`}
          className="flex min-w-0 flex-col gap-1 text-table"
        >
          <div className="flex items-start gap-2">
            <StatusBadge status={STATUS[finding.state]}>{finding.state}</StatusBadge>
            <span className="min-w-0 break-words">{finding.sentence}</span>
          </div>
          {finding.fix && <CodeBlock code={finding.fix} label="statement that fixes it" wrap />}
        </li>
      ))}
    </ul>
  );
}
