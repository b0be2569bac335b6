"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import type { SessionRow } from "#server/access/list-my-sessions.ts";
import type { PersonRow } from "#server/access/list-people.ts";
import { SessionTable } from "./session-table.tsx";
import { SettingsHeader } from "./settings-header.tsx";
import { useEndSession } from "./use-end-session.ts";

/** Who has ever signed in, with which roles, and where they are signed in now. */
export function PeopleScreen() {
  const trpc = useTRPC();
  const query = useQuery(trpc.access.people.queryOptions());
  const end = useEndSession();
  const [asked, setAsked] = useState<{ person: PersonRow; session: SessionRow }>();
  return (
    <>
      <SettingsHeader answer="Who has signed in, with which roles, and where they are signed in now. Roles change with the groups at the identity provider." />
      <QueryState query={query} what="the people">
        {({ people, total }) => (
          <div className="flex flex-col gap-4">
            {people.length < total && (
              <StateMessage
                kind="partial"
                look="banner"
                title={`The ${formatCount(people.length)} who signed in last are shown, of ${formatCount(total)}`}
              />
            )}
            {people.map((person) => (
              <Person key={person.id} person={person} onEnd={(session) => setAsked({ person, session })} />
            ))}
          </div>
        )}
      </QueryState>
      {asked && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsked(undefined)}
          title={`End a session of ${asked.person.name}?`}
          verb="End the session"
          describeFailure={describeError}
          onConfirm={() => end.mutateAsync({ id: asked.session.id })}
        >
          <p>
            {asked.session.device} at {asked.session.address ?? "an unknown address"} is signed out with its
            next request. What {asked.person.name} has typed there and not sent is lost.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface PersonProps {
  person: PersonRow;
  onEnd: (session: SessionRow) => void;
}

function Person({ person, onEnd }: PersonProps) {
  return (
    <Section
      flush={person.sessions.length > 0}
      title={person.name}
      description={
        <>
          {person.email && `${person.email} · `}last signed in{" "}
          <TimeStamp value={person.signedInAt} event="signed in" />
        </>
      }
      actions={
        person.roles.length > 0 ? (
          person.roles.map((role) => <Badge key={role}>{role}</Badge>)
        ) : (
          <Badge variant="warning" title={`Groups: ${person.groups.join(", ") || "none"}`}>
            no role
          </Badge>
        )
      }
    >
      {person.sessions.length > 0 ? (
        <>
          <SessionTable
            label={`Sessions of ${person.name}`}
            sessions={person.sessions}
            ending={undefined}
            onEnd={onEnd}
          />
          {person.sessions.length < person.sessionCount && (
            <p className="px-3 py-2 text-meta text-muted-foreground">
              The {person.sessions.length} used last, of {formatCount(person.sessionCount)}.
            </p>
          )}
        </>
      ) : (
        <StateMessage kind="good" title="Signed in nowhere" />
      )}
    </Section>
  );
}
