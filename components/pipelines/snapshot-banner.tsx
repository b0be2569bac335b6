import { Progress } from "#components/ui/progress.tsx";
import { Section } from "#components/ui/section.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { SnapshotProgress } from "#domain/observability/snapshot-progress.ts";

/** A snapshot under way, as its notifications tell it; nothing once it is over. */
export function SnapshotBanner({ snapshot }: { snapshot: SnapshotProgress | null }) {
  if (!snapshot || (snapshot.state !== "running" && snapshot.state !== "paused")) return null;
  const { kind, state, tables, scanned, current, startedAt } = snapshot;
  const rows = scanned.reduce((total, scan) => total + (scan.rows ?? 0), 0);
  return (
    <Section
      title={`${kind === "initial" ? "Initial" : "Incremental"} snapshot ${state === "paused" ? "paused" : "running"}`}
      description={
        <>
          {startedAt !== null && (
            <>
              Began <TimeStamp value={new Date(startedAt)} event="snapshot began" />
              {". "}
            </>
          )}
          {current && `Reading ${current} now.`}
        </>
      }
    >
      <Progress
        label="Tables read"
        done={scanned.length}
        total={tables.length > 0 ? tables.length : undefined}
        unit={rows > 0 ? `· ${rows.toLocaleString("en-US")} rows` : "tables"}
      />
    </Section>
  );
}
