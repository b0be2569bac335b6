"use client";

import { Section } from "#components/ui/section.tsx";
import type { DatabaseForm } from "./database-form.tsx";
import { TextField } from "./text-field.tsx";

export function AddressSection({ form }: { form: DatabaseForm }) {
  return (
    <Section
      title="2. Address"
      description="As the Connect workers and Headgate reach it; both connect to the same address."
    >
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem_minmax(0,1fr)]">
        <TextField form={form} name="host" help="A host name or IP address, for example db.example.com." />
        <TextField form={form} name="port" />
        <TextField form={form} name="databaseName" help="Its name on the server; capitals count." />
      </div>
    </Section>
  );
}
