"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { TopicState } from "#domain/dead-letters/topics.ts";
import { formatDuration } from "#domain/format/durations.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { LetterTopic } from "./dead-letter-outputs.ts";

const TopicDialog = dynamic(() => import("./topic-dialog.tsx").then((module) => module.TopicDialog));

export type TopicAct = { do: "add" } | { do: "exclude" | "copies"; topic: LetterTopic };

const STATE: Record<TopicState, Status> = {
  waiting: "unknown",
  indexed: "healthy",
  behind: "working",
  unreadable: "failed",
  gone: "unknown",
  excluded: "held",
};

const FOUND_BY: Record<LetterTopic["foundBy"], string> = {
  sink: "named by a sink",
  name: "by its name",
  hand: "by hand",
};

/** Where dead letters lie: how each topic was found, how far it is indexed, how long its bytes are kept. */
export function TopicList() {
  const trpc = useTRPC();
  const { reason } = usePermission("dead-letters:repair");
  const [act, setAct] = useState<TopicAct>();
  const query = useQuery(
    trpc.deadLetters.topics.queryOptions(undefined, { refetchInterval: 10_000, meta: ASKS_OUTSIDE }),
  );
  return (
    <Section
      title="Dead-letter topics"
      description="Found in the configuration of sinks, by a name that begins with dlq, or added by hand."
      actions={
        <Button blockedBecause={reason} onClick={() => setAct({ do: "add" })}>
          <Plus aria-hidden /> Add a topic
        </Button>
      }
      flush
    >
      <QueryState query={query} what="the topics">
        {(topics) =>
          topics.length === 0 ? (
            <StateMessage kind="empty" title="No dead-letter topic has been found" className="py-8">
              A sink made by the guide names one; other sinks need{" "}
              <code>errors.deadletterqueue.topic.name</code>.
            </StateMessage>
          ) : (
            <Topics topics={topics} blocked={reason} onAct={setAct} />
          )
        }
      </QueryState>
      {act && <TopicDialog act={act} onClose={() => setAct(undefined)} />}
    </Section>
  );
}

interface TopicsProps {
  topics: readonly LetterTopic[];
  blocked: string | undefined;
  onAct: (act: TopicAct) => void;
}

function Topics({ topics, blocked, onAct }: TopicsProps) {
  return (
    <Table label="Each topic, and how far it is read">
      <TableHead>
        <TableRow>
          <TableHeader>Topic</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Found</TableHeader>
          <TableHeader>Sinks</TableHeader>
          <TableHeader className="text-right">Not indexed yet</TableHeader>
          <TableHeader className="text-right">Lost</TableHeader>
          <TableHeader>Kafka keeps</TableHeader>
          <TableHeader>Copies after that</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {topics.map((topic) => (
          <TableRow key={topic.id}>
            <TableCell>
              <span className="break-all font-mono">{topic.topic}</span>
              <span className="block text-meta text-muted-foreground">
                {topic.cluster}
                {topic.recreated > 0 && `, made anew ${formatCounted(topic.recreated, "time")}`}
              </span>
            </TableCell>
            <TableCell>
              <StatusBadge status={STATE[topic.state]}>{topic.state}</StatusBadge>
              {topic.problem && (
                <span className="block max-w-[40ch] text-failed text-meta">{topic.problem}</span>
              )}
            </TableCell>
            <TableCell>{FOUND_BY[topic.foundBy]}</TableCell>
            <TableCell>
              {topic.sinks.length === 0 ? (
                <span className="text-muted-foreground">none now</span>
              ) : (
                topic.sinks.map((sink) => (
                  <HoverLink
                    key={sink}
                    href={connectorPath({ cluster: topic.cluster, name: sink })}
                    className="block font-mono text-link hover:underline"
                  >
                    {sink}
                  </HoverLink>
                ))
              )}
            </TableCell>
            <TableCell className="text-right">
              {topic.isFresh ? formatCount(topic.lag) : `at least ${formatCount(topic.lag)}`}
            </TableCell>
            <TableCell className="text-right">{formatCount(topic.lost)}</TableCell>
            <TableCell>
              {topic.retentionMs === null ? "no limit known" : formatDuration(topic.retentionMs)}
            </TableCell>
            <TableCell>
              {topic.copyDays === 0 ? "none" : `for ${formatCounted(topic.copyDays, "day")}`}
              {topic.copies > 0 && (
                <span className="text-muted-foreground"> · {formatCount(topic.copies)} kept</span>
              )}
            </TableCell>
            <TableCell className="whitespace-nowrap text-right">
              <Button size="sm" blockedBecause={blocked} onClick={() => onAct({ do: "copies", topic })}>
                Copies<span className="sr-only"> of {topic.topic}</span>
              </Button>{" "}
              {topic.state !== "excluded" && topic.state !== "gone" && (
                <Button
                  size="sm"
                  blockedBecause={blocked}
                  aria-label={`Stop reading ${topic.topic}`}
                  onClick={() => onAct({ do: "exclude", topic })}
                >
                  Stop reading
                </Button>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
