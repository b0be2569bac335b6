import { StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { ReferenceCheck } from "#domain/credentials/reference-check.ts";
import { CHECK_WORDS } from "./check-words.ts";

/** The answer in a sentence, what to do about it, and how old it is. */
export function CheckResult({ check }: { check: ReferenceCheck }) {
  const { status } = CHECK_WORDS[check.state];
  return (
    <div className="flex min-w-0 items-start gap-1.5 text-meta">
      <StatusIcon status={status} className="mt-0.5" />
      <div className="min-w-0 break-words">
        <p>
          {check.sentence}
          {check.changedAt && check.exists && (
            <>
              , changed <TimeStamp value={check.changedAt} event="changed" />
            </>
          )}
        </p>
        {check.fix && <p className="text-muted-foreground">{check.fix}</p>}
        {check.remarks.map((remark) => (
          <p key={remark} className="text-degraded">
            {remark}
          </p>
        ))}
        {check.expiresAt && (
          <p className="text-degraded">
            Vault deletes this version <TimeStamp value={check.expiresAt} event="deletion" />
          </p>
        )}
      </div>
    </div>
  );
}
