"use client";

import { useTick } from "#components/ui/clock.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { Run } from "./plan-outputs.ts";

/** Counts down the seconds in which a dangerous start can be taken back. */
export function CancelWindow({ run }: { run: Run }) {
  const seconds = useTick((now) => Math.ceil((run.notBefore.getTime() - now) / 1000));
  if (run.state !== "queued" || seconds <= 0) return null;
  return (
    <StateMessage kind="partial" look="banner" title={<span aria-live="off">Begins in {seconds} s</span>}>
      Abort now and nothing will have happened.
    </StateMessage>
  );
}
