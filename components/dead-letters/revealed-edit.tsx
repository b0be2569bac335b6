"use client";

import { useMutation } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { Section } from "#components/ui/section.tsx";
import { readEdit } from "./read-edit.ts";

/** What exactly was edited, for the person who approves it; looking is in the audit trail. */
export function RevealedEdit({ replayId }: { replayId: string }) {
  const trpc = useTRPC();
  const { reason } = usePermission("dead-letters:reveal");
  const reveal = useMutation(trpc.deadLetters.revealEdit.mutationOptions());
  return (
    <Section
      title="The edit"
      description="Values are hidden in plans. Who reveals them is in the audit trail."
      actions={
        !reveal.data && (
          <Button
            size="sm"
            blockedBecause={reason}
            pending={reveal.isPending}
            onClick={() => reveal.mutate({ id: replayId })}
          >
            {!reveal.isPending && <Eye aria-hidden />} Reveal the edit
          </Button>
        )
      }
    >
      {reveal.data ? (
        <ConfigDiff
          changes={readEdit(reveal.data.before, JSON.stringify(reveal.data.after ?? null)).changes}
          label="What was edited"
          beforeLabel="As it failed"
          afterLabel="As it will be sent"
        />
      ) : (
        <p className="text-muted-foreground text-table">
          {reveal.error
            ? describeError(reveal.error)
            : "One value was written by hand; look at it before you approve it."}
        </p>
      )}
    </Section>
  );
}
