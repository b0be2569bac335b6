import type { ReactNode } from "react";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatBytes, formatCounted } from "#domain/format/numbers.ts";
import type { DeadLetter } from "./dead-letter-outputs.ts";
import { originalText } from "./record-columns.tsx";
import { OP_WORDS, STAGE_WORDS } from "./state-words.ts";

/** Where it came from, where it lies, and how long. */
export function RecordFacts({ record }: { record: DeadLetter }) {
  const { op, connector, cluster, valueSize, expiresAt, copyDays } = record;
  const original = originalText(record);
  const place = `${record.topic}-${record.partition}@${record.offset}`;
  return (
    <Section title="Facts">
      <KeyValues
        items={[
          {
            label: "Original position",
            value: original ? <Copied value={original} what="original position" /> : "not told by the sink",
          },
          { label: "Dead-letter position", value: <Copied value={place} what="dead-letter position" /> },
          { label: "Cluster", value: cluster },
          {
            label: "Sink",
            value: connector ? (
              <HoverLink
                href={connectorPath({ cluster, name: connector })}
                className="break-all font-mono text-link hover:underline"
              >
                {connector}
              </HoverLink>
            ) : (
              "not told"
            ),
          },
          { label: "Failed while", value: STAGE_WORDS[record.stage] },
          { label: "Change", value: op === null ? "not told" : (OP_WORDS[op] ?? op) },
          { label: "Value", value: valueSize < 0 ? "null" : formatBytes(valueSize) },
          { label: "Failed", value: <TimeStamp value={record.failedAt} event="failed" absolute /> },
          {
            // Kafka Connect gives the dead letter the time of the event it is about.
            label: "Time in Kafka",
            value: <TimeStamp value={record.recordedAt} event="timestamp of the record" absolute />,
          },
          {
            label: "Kafka keeps it until",
            value: expiresAt ? (
              <TimeStamp value={expiresAt} event="retention ends" absolute />
            ) : (
              "no limit is known"
            ),
          },
          {
            label: "Copy after that",
            value: copyDays === 0 ? "none is kept" : `kept for ${formatCounted(copyDays, "day")}`,
          },
          ...(record.settled
            ? [
                {
                  label: "Settled",
                  value: (
                    <>
                      <TimeStamp value={record.settled.at} event="settled" absolute />
                      {record.settled.by && ` by ${record.settled.by}`}
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}

function Copied({ value, what }: { value: string; what: string }): ReactNode {
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <Mono className="break-all">{value}</Mono>
      <CopyButton value={value} what={what} />
    </span>
  );
}
