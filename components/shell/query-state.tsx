"use client";

import type { ReactNode } from "react";
import { Age } from "#components/ui/age.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { explainError } from "./describe-error.ts";

/** What is needed of a TanStack query. */
export interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  isFetching: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

type FailedQuery = Pick<QueryLike<unknown>, "error" | "isFetching" | "dataUpdatedAt" | "refetch">;

export interface QueryStateProps<T> {
  query: QueryLike<T>;
  /** What is being read: "the connector", "the audit trail". */
  what: string;
  /** In place of the plain bars while the first read is under way. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Loading, failed, forbidden, missing and stale around ready data; empty is the caller's to say. */
export function QueryState<T>({ query, what, skeleton, children }: QueryStateProps<T>) {
  if (query.data === undefined) {
    if (query.error) return <QueryFailure query={query} what={what} />;
    return <>{skeleton ?? <DefaultSkeleton what={what} />}</>;
  }
  return (
    <>
      {query.error !== null && query.error !== undefined && <QueryStale query={query} what={what} />}
      {children(query.data)}
    </>
  );
}

/** Nothing could be read at all. */
export function QueryFailure({ query, what }: { query: FailedQuery; what: string }) {
  const words = explainError(query.error);
  const kind =
    words.reason === "forbidden" ? "forbidden" : words.reason === "not_found" ? "missing" : "failed";
  const retry = kind === "failed" && words.reason !== "unauthenticated";
  return (
    <StateMessage
      kind={kind}
      title={kind === "failed" ? `Could not read ${what}: ${lowerFirst(words.title)}` : words.title}
      onRetry={retry ? () => void query.refetch() : undefined}
      retrying={query.isFetching}
      action={words.reason === "unauthenticated" ? <SignInLink /> : undefined}
    >
      <p>{words.message}</p>
      {words.next && <p>{words.next}</p>}
    </StateMessage>
  );
}

/** A refresh failed: the last good data stays, with its age. */
export function QueryStale({ query, what }: { query: FailedQuery; what: string }) {
  const words = explainError(query.error);
  return (
    <StateMessage
      kind="stale"
      look="banner"
      className="mb-3"
      title={
        <>
          Shown as it was <Age since={new Date(query.dataUpdatedAt)} /> ago
        </>
      }
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      action={words.reason === "unauthenticated" ? <SignInLink /> : undefined}
    >
      {`${words.title} while refreshing ${what}. ${words.message}`}
    </StateMessage>
  );
}

function SignInLink() {
  return (
    // Beside this page, not in its place: what was typed here stays.
    <a
      className="text-link underline underline-offset-2"
      target="_blank"
      rel="noopener"
      href={`/sign-in?returnTo=${encodeURIComponent(typeof location === "undefined" ? "/" : location.pathname + location.search)}`}
    >
      Sign in, in a new tab
    </a>
  );
}

function DefaultSkeleton({ what }: { what: string }) {
  return (
    <div className="flex flex-col gap-2 py-2">
      <Skeleton className="w-1/3" label={`Reading ${what}`} />
      <Skeleton className="w-2/3" />
      <Skeleton className="w-1/2" />
    </div>
  );
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) && !/^(Kafka|Vault|Headgate|Postgre)/.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}
