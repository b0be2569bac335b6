"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { SourceTopic } from "../connector-outputs.ts";
import type { StepProps } from "./guide.tsx";

/** The topics the observed sources write, by pipeline. */
export function TopicsStep({ state, change, problems, cluster }: StepProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.connectors.sourceTopics.queryOptions({ cluster: cluster.name }, { meta: ASKS_OUTSIDE }),
  );
  return (
    <QueryState query={query} what="the topics of the sources">
      {(topics) =>
        topics.length === 0 ? (
          <StateMessage kind="empty" title="No source writes topics yet" className="py-6">
            Create the source first; its topics appear here as soon as it is seen.
          </StateMessage>
        ) : (
          <TopicPicker
            topics={topics}
            chosen={state.sink.topics}
            problem={problems.topics}
            onChange={(chosen) => change({ ...state, sink: { ...state.sink, topics: chosen } })}
          />
        )
      }
    </QueryState>
  );
}

interface TopicPickerProps {
  topics: readonly SourceTopic[];
  chosen: readonly string[];
  problem: string | undefined;
  onChange: (chosen: string[]) => void;
}

function TopicPicker({ topics, chosen, problem, onChange }: TopicPickerProps) {
  const [words, setWords] = useState("");
  const wanted = words.toLowerCase().split(/\s+/);
  const shown = topics.filter(({ topic, source }) =>
    wanted.every((word) => `${topic} ${source}`.toLowerCase().includes(word)),
  );
  const groups = [...Map.groupBy(shown, (topic) => topic.source)];
  const set = (names: readonly string[], isOn: boolean) => {
    const rest = chosen.filter((topic) => !names.includes(topic));
    onChange(isOn ? [...rest, ...names].sort() : rest);
  };
  return (
    <div className="flex flex-col gap-3" id="answer-topics" tabIndex={-1}>
      <Field
        label="Find topics"
        help={<span role="status">{formatCounted(chosen.length, "topic")} chosen.</span>}
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            type="search"
            className="max-w-md"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      {groups.map(([source, group]) => {
        const names = group.map((each) => each.topic);
        const here = names.filter((topic) => chosen.includes(topic)).length;
        return (
          <fieldset key={source} className="rounded-md border px-3 pb-2">
            <legend className="flex items-center gap-2 px-1 text-table">
              <Checkbox
                id={`pipeline-${source}`}
                checked={here === names.length}
                indeterminate={here > 0 && here < names.length}
                onChange={() => set(names, here < names.length)}
              />
              <label htmlFor={`pipeline-${source}`}>
                Pipeline <span className="font-mono">{source}</span>, {formatCounted(names.length, "topic")}
              </label>
            </legend>
            <ul>
              {group.map(({ topic, readBy }) => (
                <li key={topic} className="flex min-h-8 items-center gap-2 text-table">
                  <Checkbox
                    id={`topic-${topic}`}
                    checked={chosen.includes(topic)}
                    onChange={(event) => set([topic], event.target.checked)}
                  />
                  <label htmlFor={`topic-${topic}`} className="break-all font-mono">
                    {topic}
                  </label>
                  {readBy.length > 0 && (
                    <span className="text-meta text-muted-foreground">
                      read by {readBy.join(", ")} already
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </fieldset>
        );
      })}
    </div>
  );
}
