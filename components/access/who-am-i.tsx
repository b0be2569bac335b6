"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Section } from "#components/ui/section.tsx";
import { signOut } from "./sign-out.ts";

export function WhoAmI() {
  const trpc = useTRPC();
  const query = useQuery(trpc.access.me.queryOptions());
  return (
    <Section
      title="You"
      description="Name and groups come from the identity provider; groups decide the roles."
      actions={<Button onClick={signOut}>Sign out</Button>}
    >
      <QueryState query={query} what="your account">
        {(me) => (
          <KeyValues
            items={[
              { label: "Name", value: me.name },
              { label: "E-mail", value: me.email ?? "not given" },
              { label: "Roles", value: <Words words={me.roles} /> },
              { label: "May", value: <Words words={me.permissions} /> },
            ]}
          />
        )}
      </QueryState>
    </Section>
  );
}

function Words({ words }: { words: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {words.map((word) => (
        <Badge key={word}>{word}</Badge>
      ))}
    </span>
  );
}
