"use client";

import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { SessionRow } from "#server/access/list-my-sessions.ts";

export interface SessionTableProps {
  label: string;
  sessions: readonly SessionRow[];
  /** The session being ended now. */
  ending: string | undefined;
  onEnd: (session: SessionRow) => void;
}

export function SessionTable({ label, sessions, ending, onEnd }: SessionTableProps) {
  return (
    <Table label={label}>
      <TableHead>
        <TableRow>
          <TableHeader>Device</TableHeader>
          <TableHeader>Address</TableHeader>
          <TableHeader>Signed in</TableHeader>
          <TableHeader>Last used</TableHeader>
          <TableHeader>Ends by itself</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {sessions.map((session) => (
          <TableRow key={session.id}>
            <TableCell>
              <span className="inline-flex items-center gap-2 whitespace-nowrap">
                {session.device}
                {session.isCurrent && <Badge variant="info">this one</Badge>}
                {session.rolesStaleSince && (
                  <Badge
                    variant="warning"
                    title="The identity provider does not answer; the roles are the last known ones"
                  >
                    roles not re-read
                  </Badge>
                )}
              </span>
            </TableCell>
            <TableCell>
              <Mono>{session.address ?? "–"}</Mono>
            </TableCell>
            <TableCell>
              <TimeStamp value={session.startedAt} event="signed in" />
            </TableCell>
            <TableCell>
              <TimeStamp value={session.seenAt} event="last used" />
            </TableCell>
            <TableCell>
              <TimeStamp
                value={session.idleExpiresAt < session.expiresAt ? session.idleExpiresAt : session.expiresAt}
                event="ends if unused"
              />
            </TableCell>
            <TableCell className="text-right">
              {!session.isCurrent && (
                <Button
                  size="sm"
                  pending={ending === session.id}
                  aria-label={`End the session of ${session.device} at ${session.address ?? "an unknown address"}`}
                  onClick={() => onEnd(session)}
                >
                  End
                </Button>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
