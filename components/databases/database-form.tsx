"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import { type FieldErrors, type UseFormReturn, useForm } from "react-hook-form";
import { explainError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorSummary, type FormProblem } from "#components/ui/error-summary.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { DatabaseDraft, type DatabaseDraftInput } from "#domain/databases/schema.ts";
import { AddressSection } from "./address-section.tsx";
import { ConnectionResult } from "./connection-result.tsx";
import { CredentialsSection } from "./credentials-section.tsx";
import { EncryptionSection } from "./encryption-section.tsx";
import { EngineSection } from "./engine-section.tsx";
import { FIELD_LABELS, fieldId, isFormField } from "./form-fields.ts";

export type DatabaseForm = UseFormReturn<DatabaseDraftInput, unknown, DatabaseDraft>;

export interface DatabaseFormProps {
  initial: DatabaseDraftInput;
  /** "Register", "Save" */
  verb: string;
  pendingVerb: string;
  cancelHref: Route;
  /** Rejecting keeps the form as it is and shows why, at the field where there is one. */
  onSave: (draft: DatabaseDraft) => Promise<unknown>;
  /** Above the buttons: what saving will and will not change. */
  note?: ReactNode;
}

/** One page, five steps, every error at once. No field can hold a secret. */
export function DatabaseForm({ initial, verb, pendingVerb, cancelHref, onSave, note }: DatabaseFormProps) {
  const trpc = useTRPC();
  const form: DatabaseForm = useForm<DatabaseDraftInput, unknown, DatabaseDraft>({
    resolver: zodResolver(DatabaseDraft),
    defaultValues: initial,
    mode: "onTouched",
  });
  const clusters = useQuery(trpc.connectors.clusters.queryOptions());
  const test = useMutation(trpc.databases.testDraft.mutationOptions());
  const forgetTest = test.reset;
  // A result says nothing about values that were changed after it, nor does one that is still on its way.
  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: () => forgetTest() }),
    [form.subscribe, forgetTest],
  );
  const [failure, setFailure] = useState<string>();
  const { errors, isSubmitting, isSubmitted } = form.formState;

  const attempt = async (act: () => Promise<unknown>) => {
    setFailure(undefined);
    try {
      await act();
    } catch (error) {
      const { message, problems } = explainError(error);
      const known = problems.filter(({ path }) => isFormField(path));
      for (const { path, message: why } of known)
        if (isFormField(path)) form.setError(path, { message: why });
      setFailure(known.length > 0 ? undefined : message);
    }
  };

  const problems = [
    ...(isSubmitted ? problemsOf(errors) : []),
    ...(failure === undefined ? [] : [{ message: failure }]),
  ];
  return (
    // Pressed before the page is alive, the browser would send the fields itself, in the address: "dialog" sends nothing.
    <form
      method="dialog"
      noValidate
      onSubmit={(event) => void form.handleSubmit((draft) => attempt(() => onSave(draft)))(event)}
      className="flex max-w-4xl flex-col gap-4"
    >
      <ErrorSummary problems={problems} />
      <EngineSection form={form} clusters={clusters.data?.map(({ name }) => name)} />
      <AddressSection form={form} />
      <EncryptionSection form={form} />
      <CredentialsSection form={form} />
      {test.data && <ConnectionResult test={test.data} />}
      {test.error && (
        <StateMessage kind="failed" look="banner" title={explainError(test.error).title}>
          {explainError(test.error).message}
        </StateMessage>
      )}
      {note}
      <div className="sticky bottom-0 flex flex-wrap items-center gap-2 border-t bg-background py-3">
        <Button type="submit" variant="primary" pending={isSubmitting} onClick={undefined}>
          {isSubmitting ? pendingVerb : verb}
        </Button>
        <Button
          pending={test.isPending}
          onClick={() =>
            void form.handleSubmit((draft) =>
              test.mutateAsync(draft).then(
                () => undefined,
                () => undefined,
              ),
            )()
          }
        >
          {test.isPending ? "Connecting…" : "Test the connection"}
        </Button>
        <Button asChild variant="ghost">
          <Link href={cancelHref}>Cancel</Link>
        </Button>
      </div>
    </form>
  );
}

function problemsOf(errors: FieldErrors<DatabaseDraftInput>): FormProblem[] {
  return Object.entries(errors).flatMap(([field, error]) =>
    isFormField(field)
      ? [{ fieldId: fieldId(field), label: FIELD_LABELS[field], message: error?.message ?? "Not acceptable" }]
      : [],
  );
}
