import { Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { cn } from "#components/ui/cn.ts";
import { Stat } from "#components/ui/stat.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import type { Plan } from "./plan-outputs.ts";

const LOOK = {
  danger: { icon: OctagonAlert, tone: "text-failed", word: "Danger" },
  warning: { icon: TriangleAlert, tone: "text-degraded", word: "Warning" },
  info: { icon: Info, tone: "text-muted-foreground", word: "Note" },
} as const;
const ORDER = ["danger", "warning", "info"] as const;

/** What will happen, in numbers and sentences, the worst first. */
export function PlanEffects({ draft }: { draft: Plan["draft"] }) {
  const sentences = draft.consequences.toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        {Object.entries(draft.counts).map(([name, count]) => (
          <Stat key={name} label={name} value={formatCount(count)} />
        ))}
      </div>
      {sentences.length > 0 && (
        <ul className="flex flex-col gap-1.5">
          {sentences.map(({ severity, text }) => {
            const { icon: Icon, tone, word } = LOOK[severity];
            return (
              <li key={`${severity}${text}`} className="flex max-w-[72ch] gap-2 text-table">
                <Icon className={cn("mt-0.5 size-4 shrink-0", tone)} aria-hidden />
                <span>
                  <span className="sr-only">{word}: </span>
                  {text}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
