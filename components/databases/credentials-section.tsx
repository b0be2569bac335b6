"use client";

import type { ReactNode } from "react";
import { Section } from "#components/ui/section.tsx";
import type { Reader } from "#domain/credentials/reference-check.ts";
import type { DatabaseForm } from "./database-form.tsx";
import { FIELD_LABELS, type FormField, fieldId } from "./form-fields.ts";
import { ReferenceField } from "./reference-field.tsx";
import { TextField } from "./text-field.tsx";

type ReferenceName = Extract<FormField, `${string}Ref`>;

/** Up to three credentials, each a reference: the secret itself stays in Vault. */
export function CredentialsSection({ form }: { form: DatabaseForm }) {
  const role = form.watch("role");
  return (
    <Section
      title="4. Credentials"
      description="References to secrets in Vault, written vault://mount/path#key. Headgate looks whether each is there without reading it."
    >
      <div className="flex flex-col gap-5">
        <Pair
          title="For the connectors"
          text="Kafka Connect reads it when a task starts. Headgate never does."
          form={form}
          reader="connector"
          names={["connectorUserRef", "connectorPasswordRef"]}
        >
          <TextField
            form={form}
            name="connectorRole"
            optional
            help="The name that stands behind the connectors' user, so that readiness can look up its rights. Not a secret."
          />
        </Pair>
        <Pair
          title="For Headgate, read-only"
          text="For testing, readiness and comparing. Headgate reads it at use and holds it in memory only."
          form={form}
          reader="headgate"
          names={["readonlyUserRef", "readonlyPasswordRef"]}
        />
        {role !== "source" && (
          <Pair
            title="For changes on the target"
            text="For DDL and repairs, read only inside an approved run."
            form={form}
            reader="headgate"
            names={["changeUserRef", "changePasswordRef"]}
            optional
          />
        )}
      </div>
    </Section>
  );
}

interface PairProps {
  title: string;
  text: string;
  form: DatabaseForm;
  reader: Reader;
  names: readonly [ReferenceName, ReferenceName];
  optional?: boolean;
  children?: ReactNode;
}

function Pair({ title, text, form, reader, names, optional, children }: PairProps) {
  const cluster = form.watch("cluster");
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1">
        <span className="font-medium text-table">{title}</span>
        <span className="block text-meta text-muted-foreground">{text}</span>
      </legend>
      <div className="grid gap-4 sm:grid-cols-2">
        {names.map((name) => (
          <ReferenceField
            key={name}
            id={fieldId(name)}
            label={FIELD_LABELS[name]}
            cluster={cluster}
            reader={reader}
            value={form.watch(name) ?? ""}
            error={form.formState.errors[name]?.message}
            control={form.register(name)}
            {...(optional ? { optional } : {})}
          />
        ))}
        {children}
      </div>
    </fieldset>
  );
}
