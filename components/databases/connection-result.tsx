import { StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { ConnectionTest } from "./database-outputs.ts";

/** The plain result of a connection test: what is the case, what to do, and what is allowed but should not be. */
export function ConnectionResult({ test }: { test: ConnectionTest }) {
  return (
    <div role="status" className="flex min-w-0 items-start gap-2 text-table">
      <StatusIcon status={test.ok ? "healthy" : "failed"} className="mt-0.5" />
      <div className="min-w-0 break-words">
        <p className="font-medium">{test.sentence}</p>
        {!test.ok && <p>{test.fix}</p>}
        {test.ok &&
          test.remarks.map((remark) => (
            <p key={remark} className="text-degraded">
              {remark}
            </p>
          ))}
        <p className="text-meta text-muted-foreground">
          Tested with Headgate&apos;s read-only credential <TimeStamp value={test.testedAt} event="tested" />
        </p>
      </div>
    </div>
  );
}
