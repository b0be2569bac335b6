"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { CAUSES } from "#domain/dead-letters/causes.ts";
import type { LetterRule, RulePreview } from "./dead-letter-outputs.ts";
import { RuleActionFields } from "./rule-action-fields.tsx";
import { draftOf, fieldProblems, MATCH_FIELDS, type RuleDraft, ruleOf } from "./rule-draft.ts";
import { RulePreviewPanel } from "./rule-preview-panel.tsx";
import { STAGE_WORDS } from "./state-words.ts";

export interface RuleDialogProps {
  /** undefined: a new one. */
  saved: LetterRule | undefined;
  onClose: () => void;
}

const CHOICES: { [Field in keyof RuleDraft["match"]]?: readonly (readonly [string, string])[] } = {
  stage: Object.entries(STAGE_WORDS),
  cause: CAUSES.map(({ id, title }) => [id, title] as const),
};

/** A rule is written, looked at, and only then saved. */
export function RuleDialog({ saved, onClose }: RuleDialogProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(saved?.rule));
  const [seen, setSeen] = useState<{ of: RuleDraft; preview: RulePreview }>();
  const rule = ruleOf(draft);
  const problems = fieldProblems(draft);
  const look = useMutation({
    mutationFn: async (given: RuleDraft) => {
      const wanted = ruleOf(given);
      if (typeof wanted === "string") throw new Error(wanted);
      return { of: given, preview: await client.deadLetters.previewRule.query(wanted) };
    },
    onSuccess: setSeen,
  });
  const oneAtATime = useOneAtATime();
  const options = {
    onSuccess: () => {
      toast.success("The rule is saved and applied");
      onClose();
    },
    onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
  };
  const create = useMutation(trpc.deadLetters.createRule.mutationOptions(options));
  const update = useMutation(trpc.deadLetters.updateRule.mutationOptions(options));
  const isSeen = seen !== undefined && seen.of === draft;
  const isSaving = create.isPending || update.isPending;
  const failure = look.error ?? create.error ?? update.error;
  const change = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof rule === "string") return;
    if (!isSeen) return look.mutate(draft);
    const { token } = seen.preview;
    oneAtATime(() =>
      saved
        ? update.mutateAsync({ id: saved.id, version: saved.version, rule, previewed: token })
        : create.mutateAsync({ rule, previewed: token }),
    );
  };
  return (
    // Left while it is sent, it could not tell that nothing was changed.
    <Dialog open onOpenChange={() => !isSaving && onClose()}>
      <DialogContent size="lg">
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle>{saved ? `Edit “${saved.rule.name}”` : "New rule"}</DialogTitle>
            <DialogDescription>
              Everything given has to fit; text fits where it is a part. What it would have matched is shown
              before it can be saved.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
            <Field label="Name" error={problems.name}>
              {(control) => (
                <Input
                  {...control}
                  value={draft.name}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <fieldset className="grid gap-3 sm:grid-cols-2">
              <legend className="mb-1 font-medium text-table">Failures with</legend>
              {MATCH_FIELDS.map(([field, label]) => (
                <Field key={field} label={label} optional error={problems[field]}>
                  {(control) =>
                    CHOICES[field] ? (
                      <Select
                        {...control}
                        value={draft.match[field]}
                        onChange={(event) =>
                          change({ match: { ...draft.match, [field]: event.target.value } })
                        }
                      >
                        <option value="">any</option>
                        {CHOICES[field].map(([value, words]) => (
                          <option key={value} value={value}>
                            {words}
                          </option>
                        ))}
                      </Select>
                    ) : (
                      <Input
                        {...control}
                        value={draft.match[field]}
                        onChange={(event) =>
                          change({ match: { ...draft.match, [field]: event.target.value } })
                        }
                      />
                    )
                  }
                </Field>
              ))}
            </fieldset>
            <RuleActionFields draft={draft} problems={problems} onChange={change} />
            {isSeen && <RulePreviewPanel preview={seen.preview} />}
            {typeof rule === "string" && <p className="text-meta text-muted-foreground">{rule}.</p>}
            {failure && !look.isPending && (
              <StateMessage kind="failed" look="banner" title="It is not saved">
                {describeError(failure)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button disabled={isSaving}>Cancel</Button>
            </DialogClose>
            <Button
              type="submit"
              variant="primary"
              disabled={typeof rule === "string"}
              pending={look.isPending || isSaving}
            >
              {isSeen ? "Save the rule" : "Show what it would match"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
