"use client";

import { Field } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { ENGINE_NAME, SUPPORTED_ENGINES } from "#domain/databases/engine.ts";
import { DatabaseEngine } from "#domain/databases/schema.ts";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, fieldId } from "./form-fields.ts";
import { TextField } from "./text-field.tsx";

export interface EngineSectionProps {
  form: DatabaseForm;
  /** undefined while they are read. */
  clusters: readonly string[] | undefined;
}

export function EngineSection({ form, clusters }: EngineSectionProps) {
  const { errors } = form.formState;
  const listed = clusters ?? [form.getValues("cluster")].filter((name) => name !== "");
  return (
    <Section title="1. Engine and role">
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField form={form} name="name" help="How it is called in Headgate, for example orders-eu." />
          <Field
            id={fieldId("cluster")}
            label={FIELD_LABELS.cluster}
            error={errors.cluster?.message}
            help="Connectors of this cluster work with it, and its Vault holds the credentials."
          >
            {(control) => (
              <Select {...control} {...form.register("cluster")}>
                {listed.length !== 1 && <option value="">Choose…</option>}
                {listed.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field
            id={fieldId("engine")}
            label={FIELD_LABELS.engine}
            error={errors.engine?.message}
            help="PostgreSQL and MariaDB (as a source) can be registered today; the others are not supported yet."
          >
            {(control) => (
              <Select {...control} {...form.register("engine")}>
                {DatabaseEngine.options.map((engine) => (
                  <option key={engine} value={engine} disabled={!SUPPORTED_ENGINES.includes(engine)}>
                    {ENGINE_NAME[engine]}
                    {SUPPORTED_ENGINES.includes(engine) ? "" : " (not yet)"}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <RadioGroup
          label={FIELD_LABELS.role}
          inline
          value={form.watch("role")}
          onValueChange={(role) =>
            form.setValue("role", role, { shouldDirty: true, shouldValidate: form.formState.isSubmitted })
          }
          options={[
            { value: "source", label: "Source", help: "Changes are read from it" },
            { value: "target", label: "Target", help: "Changes are written to it" },
            { value: "both", label: "Both" },
          ]}
        />
      </div>
    </Section>
  );
}
