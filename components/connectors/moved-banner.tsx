"use client";

import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { rebaseDraft } from "#domain/connectors/rebase-draft.ts";
import type { EditDraft } from "./edit-draft.ts";

export interface MovedBannerProps {
  draft: EditDraft;
  live: Record<string, string>;
  liveHash: string;
  onRebase: (change: Partial<EditDraft>) => void;
}

/** Somebody was faster: my changes go on top of theirs, and true conflicts are named. */
export function MovedBanner({ draft, live, liveHash, onRebase }: MovedBannerProps) {
  const { config, conflicts } = rebaseDraft(draft.base, draft.config, live);
  return (
    <StateMessage
      kind="stale"
      look="banner"
      title="The connector was changed since you began"
      action={
        <Button onClick={() => onRebase({ base: live, baseHash: liveHash, config })}>
          Put my changes on what is live
        </Button>
      }
    >
      {conflicts.length === 0
        ? "None of your changes touches the same keys."
        : `Both changed ${conflicts.map((conflict) => conflict.key).join(", ")}; yours would stand, and the differences below show it.`}
    </StateMessage>
  );
}
