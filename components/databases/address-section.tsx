"use client";

import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, fieldId } from "./form-fields.ts";
import { TextField } from "./text-field.tsx";

export function AddressSection({ form }: { form: DatabaseForm }) {
  return (
    <Section
      title="2. Address"
      description="As the Connect workers and Headgate reach it; both connect to the same address."
    >
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem_minmax(0,1fr)]">
        <TextField form={form} name="host" help="A host name or IP address, for example db.example.com." />
        <Field id={fieldId("port")} label={FIELD_LABELS.port} error={form.formState.errors.port?.message}>
          {(control) => (
            <Input
              {...control}
              {...form.register("port", { valueAsNumber: true })}
              inputMode="numeric"
              className="font-mono"
            />
          )}
        </Field>
        <TextField form={form} name="databaseName" help="Its name on the server; capitals count." />
      </div>
    </Section>
  );
}
