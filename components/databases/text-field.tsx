"use client";

import type { ReactNode } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, type FormField, fieldId } from "./form-fields.ts";

export interface TextFieldProps {
  form: DatabaseForm;
  name: Exclude<FormField, "port">;
  help?: ReactNode;
  optional?: boolean;
  className?: string;
}

export function TextField({ form, name, help, optional, className }: TextFieldProps) {
  return (
    <Field
      id={fieldId(name)}
      label={FIELD_LABELS[name]}
      error={form.formState.errors[name]?.message}
      {...(help ? { help } : {})}
      {...(optional ? { optional } : {})}
      {...(className ? { className } : {})}
    >
      {(control) => <Input {...control} {...form.register(name)} className="font-mono" />}
    </Field>
  );
}
