"use client";

import { Field } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Section } from "#components/ui/section.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, fieldId } from "./form-fields.ts";
import { usePasteGuard } from "./use-paste-guard.ts";

export function EncryptionSection({ form }: { form: DatabaseForm }) {
  const mode = form.watch("tlsMode");
  const { refused, handlers } = usePasteGuard();
  return (
    <Section title="3. Encryption">
      <div className="flex flex-col gap-4">
        <RadioGroup
          label={FIELD_LABELS.tlsMode}
          value={mode}
          onValueChange={(tlsMode) =>
            form.setValue("tlsMode", tlsMode, {
              shouldDirty: true,
              shouldValidate: form.formState.isSubmitted,
            })
          }
          options={[
            {
              value: "verify-full",
              label: "verify-full",
              help: "Encrypted; the certificate is checked, and its host name",
            },
            {
              value: "verify-ca",
              label: "verify-ca",
              help: "Encrypted; the certificate is checked, any host name",
            },
            { value: "require", label: "require", help: "Encrypted; nobody checks who answers" },
            { value: "disable", label: "disable", help: "In the open: for a trusted network only" },
          ]}
        />
        {mode.startsWith("verify") && (
          <Field
            id={fieldId("tlsCa")}
            label={FIELD_LABELS.tlsCa}
            optional
            error={refused ?? form.formState.errors.tlsCa?.message}
            help="PEM certificates of the authority that signed the server's. Without them the authorities known to Node.js count."
          >
            {(control) => (
              <Textarea
                {...control}
                {...form.register("tlsCa")}
                {...handlers}
                className="font-mono"
                rows={4}
              />
            )}
          </Field>
        )}
      </div>
    </Section>
  );
}
