import { CopyButton } from "#components/ui/copy-button.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { Plan } from "./plan-outputs.ts";

const LEVEL = {
  1: "1: asks once",
  2: "2: asks for a reason and the typed number",
  3: "3: needs a second person, a reason, the typed number and name, and waits 30 s",
} as const;

/** Who, when, about what, and the fingerprint of what was frozen. */
export function PlanFacts({ plan }: { plan: Plan }) {
  const open = plan.state === "proposed" || plan.state === "approved";
  const items = [
    ...Object.entries(plan.draft.subject).map(([label, value]) => ({
      label: label.charAt(0).toUpperCase() + label.slice(1),
      value: <Mono>{value}</Mono>,
    })),
    { label: "Kind", value: <Mono>{plan.draft.kind}</Mono> },
    { label: "Danger level", value: LEVEL[plan.draft.level] },
    {
      label: "Proposed",
      value: (
        <>
          <TimeStamp value={plan.proposedAt} event="proposed" /> by {plan.author.name}
        </>
      ),
    },
    ...(open ? [{ label: "Expires", value: <TimeStamp value={plan.expiresAt} event="expires" /> }] : []),
    ...(plan.run
      ? [
          {
            label: "Started",
            value: (
              <>
                <TimeStamp value={plan.run.startedAt ?? plan.run.queuedAt} event="started" /> by{" "}
                {plan.run.startedBy.name}
              </>
            ),
          },
        ]
      : []),
    ...(plan.run?.endedAt
      ? [{ label: "Ended", value: <TimeStamp value={plan.run.endedAt} event="ended" /> }]
      : []),
    ...(plan.run?.reason ? [{ label: "Reason", value: plan.run.reason }] : []),
    {
      label: "Fingerprint",
      value: (
        <span className="flex min-w-0 items-center gap-1">
          <Mono className="truncate">{plan.fingerprint.slice(0, 16)}…</Mono>
          <CopyButton value={plan.fingerprint} what="fingerprint" />
          {!plan.untouched && <span className="text-failed">does not match the stored content</span>}
        </span>
      ),
    },
  ];
  return <KeyValues items={items} />;
}
