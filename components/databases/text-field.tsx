"use client";

import type { ReactNode } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, type FormField, fieldId } from "./form-fields.ts";
import { usePasteGuard } from "./use-paste-guard.ts";

export interface TextFieldProps {
  form: DatabaseForm;
  name: FormField;
  help?: ReactNode;
  optional?: boolean;
  className?: string;
}

export function TextField({ form, name, help, optional, className }: TextFieldProps) {
  const { refused, handlers } = usePasteGuard();
  return (
    <Field
      id={fieldId(name)}
      label={FIELD_LABELS[name]}
      error={refused ?? form.formState.errors[name]?.message}
      {...(help ? { help } : {})}
      {...(optional ? { optional } : {})}
      {...(className ? { className } : {})}
    >
      {(control) => (
        <Input
          {...control}
          {...form.register(name, { valueAsNumber: name === "port" })}
          {...handlers}
          {...(name === "port" ? { inputMode: "numeric" as const } : {})}
          className="font-mono"
        />
      )}
    </Field>
  );
}
