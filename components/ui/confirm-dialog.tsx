"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { Button } from "./button.tsx";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { StateMessage } from "./state-message.tsx";
import { Textarea } from "./textarea.tsx";

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The question, naming the thing: "Delete connector orders-sink?" */
  title: string;
  /** What the act means, in place of the words on its friction. */
  description?: string;
  /** What will happen, in numbers; or what else has to be said about the act. */
  children?: ReactNode;
  /** "Delete" */
  verb: string;
  /** "Deleting…"; derived when left out. */
  pendingVerb?: string;
  /** On the button in place of verb and number, where the two together would mislead. */
  buttonText?: string;
  /** How many things it touches; the button repeats it with `noun`. */
  count?: number;
  /** "record", "connector"; pluralised with an s. */
  noun?: string;
  /** 1 a click · 2 a reason and the typed count · 3 also the typed name. */
  level?: 1 | 2 | 3;
  /** The name to type at level 3. */
  confirmName?: string;
  /** Asks for the reason at level 1 too; says where it is kept. */
  asksReason?: string;
  /** Paints the button as dangerous; on by default from level 2. */
  danger?: boolean;
  /** Why it cannot be done, known before trying. */
  blockedBecause?: string | undefined;
  /** Rejecting keeps the dialog open and shows why. */
  onConfirm: (given: { reason: string }) => Promise<unknown>;
  /** Puts a failure in words; `describeError` of the shell. */
  describeFailure: (error: unknown) => string;
}

/** What the server takes as the reason of any act. */
const MOST_REASON = 2_000;

/** Asks before an act, with as much friction as the act can do damage. Closes only when the act was accepted. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [isPending, setPending] = useState(false);
  // Left while the act is under way, it could not tell that the act failed.
  const onOpenChange = (open: boolean) => !isPending && props.onOpenChange(open);
  return (
    <Dialog open={props.open} onOpenChange={onOpenChange}>
      {/* Mounted per opening, so that nothing typed for one act is left for the next. */}
      <DialogContent {...(descriptionOf(props) ? {} : { "aria-describedby": undefined })}>
        {props.open && <ConfirmForm {...props} isPending={isPending} onPendingChange={setPending} />}
      </DialogContent>
    </Dialog>
  );
}

function ConfirmForm({
  onOpenChange,
  title,
  description,
  children,
  verb,
  pendingVerb,
  buttonText,
  count,
  noun,
  level = 1,
  confirmName,
  asksReason,
  danger = level > 1,
  blockedBecause,
  onConfirm,
  describeFailure,
  isPending,
  onPendingChange,
}: ConfirmDialogProps & { isPending: boolean; onPendingChange: (isPending: boolean) => void }) {
  const [reason, setReason] = useState("");
  const [typedCount, setTypedCount] = useState("");
  const [typedName, setTypedName] = useState("");
  const [failure, setFailure] = useState<string>();
  const oneAtATime = useOneAtATime();
  const takesReason = level >= 2 || asksReason !== undefined;
  const reasonProblem =
    reason.trim().length > MOST_REASON ? `At most ${formatCount(MOST_REASON)} characters` : undefined;
  const meaning = descriptionOf({ description, level });
  const asksCount = level >= 2 && count !== undefined;
  const asksName = level >= 3 && confirmName !== undefined;
  const ready =
    blockedBecause === undefined &&
    (!takesReason || reason.trim() !== "") &&
    reasonProblem === undefined &&
    (!asksCount || typedCount.replace(/[\s,.]/g, "") === String(count)) &&
    (!asksName || typedName === confirmName);
  const object =
    count === undefined ? "" : ` ${formatCount(count)}${noun ? ` ${count === 1 ? noun : `${noun}s`}` : ""}`;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) oneAtATime(confirm);
  };
  const confirm = async () => {
    setFailure(undefined);
    onPendingChange(true);
    try {
      await onConfirm({ reason: reason.trim() });
      onOpenChange(false);
    } catch (error) {
      setFailure(describeFailure(error));
    } finally {
      onPendingChange(false);
    }
  };

  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <DialogHeader>
        <DialogTitle className="break-words">{title}</DialogTitle>
        {meaning && <DialogDescription>{meaning}</DialogDescription>}
      </DialogHeader>
      <DialogBody className="flex flex-col gap-3">
        {children && <div className="max-w-[72ch] text-table">{children}</div>}
        {takesReason && (
          <Field label="Reason" help={asksReason ?? "Kept in the audit trail."} error={reasonProblem}>
            {(control) => (
              <Textarea
                {...control}
                rows={2}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        )}
        {asksCount && (
          <Field label={`Type the number ${formatCount(count)}`}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={typedCount}
                onChange={(event) => setTypedCount(event.target.value)}
              />
            )}
          </Field>
        )}
        {asksName && (
          <Field
            label={
              <>
                Type the name <code className="break-all font-mono">{confirmName}</code>
              </>
            }
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={typedName}
                onChange={(event) => setTypedName(event.target.value)}
              />
            )}
          </Field>
        )}
        {failure && (
          <StateMessage kind="failed" look="banner" title={`${verb} did not happen`}>
            {failure}
          </StateMessage>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button disabled={isPending}>Cancel</Button>
        </DialogClose>
        <Button
          type="submit"
          variant={danger ? "danger" : "primary"}
          pending={isPending}
          disabled={!ready}
          title={blockedBecause}
        >
          {isPending ? (pendingVerb ?? `${verb}…`) : (buttonText ?? `${verb}${object}`)}
        </Button>
      </DialogFooter>
    </form>
  );
}

function descriptionOf({ description, level = 1 }: Pick<ConfirmDialogProps, "description" | "level">) {
  return description ?? (level === 1 ? undefined : FRICTION[level]);
}

const FRICTION = {
  2: "This is hard to undo. Say why.",
  3: "This cannot be undone. Say why and name what it is done to.",
} as const;
