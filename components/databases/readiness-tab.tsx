"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { ReadinessPanel } from "./readiness-panel.tsx";

/** The largest tables are the ones somebody wants to capture; a connector's guide asks about its own choice. */
const TABLES = 200;

export function ReadinessTab({ id }: { id: string }) {
  const trpc = useTRPC();
  const tables = useQuery(
    trpc.databases.tables.queryOptions(
      { id, search: "", limit: TABLES },
      { meta: ASKS_OUTSIDE, staleTime: 60_000, refetchOnWindowFocus: false },
    ),
  );
  const [names, setNames] = useQueryStates(
    { slot: parseAsString.withDefault(""), publication: parseAsString.withDefault("") },
    { clearOnDefault: true },
  );
  return (
    <div className="flex flex-col gap-4">
      <Section
        title="Names to look for"
        description="Without them the server, the connectors' role and the tables are looked at."
      >
        <form
          className="grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            void setNames({ slot: textOf(form, "slot"), publication: textOf(form, "publication") });
          }}
        >
          <Field label="Slot" optional>
            {(control) => (
              <Input
                {...control}
                name="slot"
                defaultValue={names.slot}
                pattern="[a-z0-9_]{1,63}"
                className="font-mono"
              />
            )}
          </Field>
          <Field label="Publication" optional>
            {(control) => (
              <Input
                {...control}
                name="publication"
                defaultValue={names.publication}
                maxLength={63}
                className="font-mono"
              />
            )}
          </Field>
          <Button type="submit" onClick={undefined}>
            Look
          </Button>
        </form>
      </Section>
      <QueryState query={tables} what="the tables">
        {(listing) => (
          <ReadinessPanel
            databaseId={id}
            tables={listing.tables.map(({ schema, name }) => `${schema}.${name}`)}
            {...(names.slot ? { slotName: names.slot } : {})}
            {...(names.publication ? { publicationName: names.publication } : {})}
          />
        )}
      </QueryState>
    </div>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
