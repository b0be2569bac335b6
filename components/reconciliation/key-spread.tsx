"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryFailure, QueryStale } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { spreadAnswer } from "./key-spread-answer.ts";
import type { KeySpread } from "./reconciliation-outputs.ts";
import { TYPE_WORDS } from "./state-words.ts";

/** Where in the key space rows differ: one block is a lost batch. Nothing where keys are no numbers; the list says all there is. */
export function KeySpreadPanel({ tableId }: { tableId: number }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.reconciliation.keySpread.queryOptions({ id: tableId }));
  const { data: spread } = query;
  if (spread === undefined && query.error)
    return (
      <Section title="Where they lie">
        <QueryFailure query={query} what="where the rows lie" />
      </Section>
    );
  if (!spread || spread.rows < 2) return null;
  return (
    <Section title="Where they lie" description={spreadAnswer(spread)}>
      {query.error && <QueryStale query={query} what="where the rows lie" />}
      <Strip spread={spread} />
      {spread.blocks.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1 text-table">
          {spread.blocks.map(({ type, first, last, rows }) => (
            <li key={`${type} ${first}`}>
              {formatCounted(rows, "key")} in a row, {TYPE_WORDS[type]}:{" "}
              <Mono>
                {spread.column}={first}
              </Mono>{" "}
              to{" "}
              <Mono>
                {spread.column}={last}
              </Mono>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The words around it say the same. */
function Strip({ spread: { bins, column, lowest, highest } }: { spread: KeySpread }) {
  const most = Math.max(...bins);
  return (
    <div aria-hidden>
      <div className="flex h-10 items-end gap-px border-b">
        {bins.map((rows, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={index}
            title={rows > 0 ? formatCounted(rows, "row") : undefined}
            className="min-w-0 flex-1 rounded-t-[1px] bg-failed"
            style={{ height: rows === 0 ? 0 : `${Math.max(12, (rows / most) * 100)}%` }}
          />
        ))}
      </div>
      <div className="flex justify-between gap-4 text-meta text-muted-foreground">
        <span className="font-mono">
          {column}={lowest}
        </span>
        <span>highest bar: {formatCount(most)}</span>
        <span className="font-mono">
          {column}={highest}
        </span>
      </div>
    </div>
  );
}
