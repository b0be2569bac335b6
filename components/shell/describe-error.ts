import type { ErrorCode, FieldProblem } from "#domain/errors/app-error.ts";
import { isApiError } from "./query-client.ts";

export interface ErrorWords {
  /** What is the case, in a few words. */
  title: string;
  /** The server's own sentence: why, to what. */
  message: string;
  /** What to do next, where there is something. */
  next?: string;
  reason: ErrorCode | "unreachable" | "internal";
  upstream: string | undefined;
  retryable: boolean;
  problems: readonly FieldProblem[];
}

const TITLE: Record<ErrorCode, string> = {
  invalid: "This cannot be done as asked",
  unauthenticated: "Your session has ended",
  forbidden: "Your roles do not allow this",
  not_found: "This does not exist",
  conflict: "Things have changed meanwhile",
  precondition_failed: "Something has to happen first",
  too_many_requests: "Too many requests",
  upstream_rejected: "refused",
  upstream_unavailable: "does not answer",
  upstream_contract_broken: "answered something Headgate does not understand",
};

const NEXT: Partial<Record<ErrorCode, string>> = {
  unauthenticated: "Sign in again in a new tab; what you typed here stays.",
  not_found: "It may have been deleted or renamed.",
  too_many_requests: "Wait a moment and try again.",
  upstream_contract_broken: "Its version may not match; the log of the web process has the detail.",
};

/** Any failure of a call, in words for a screen. */
export function explainError(error: unknown): ErrorWords {
  if (!isApiError(error)) {
    return {
      title: "Something went wrong in this page",
      message: error instanceof Error ? error.message : "Unknown failure",
      next: "Reload the page.",
      reason: "internal",
      upstream: undefined,
      retryable: false,
      problems: [],
    };
  }
  const { data } = error;
  if (!data)
    return {
      title: "Headgate does not answer",
      message: "The web process could not be reached. What you see is the last known state.",
      reason: "unreachable",
      upstream: "Headgate",
      retryable: true,
      problems: [],
    };
  const reason = data.reason ?? (data.code === "UNAUTHORIZED" ? "unauthenticated" : undefined);
  if (reason === undefined)
    return {
      title: data.code === "BAD_REQUEST" ? TITLE.invalid : "Something went wrong on our side",
      message: data.code === "BAD_REQUEST" ? "The request was not understood." : error.message,
      reason: data.code === "BAD_REQUEST" ? "invalid" : "internal",
      upstream: undefined,
      retryable: false,
      problems: [],
    };
  const upstream = data.upstream ?? undefined;
  const byUpstream = reason.startsWith("upstream_");
  const next = NEXT[reason];
  return {
    title: byUpstream ? `${upperFirst(upstream ?? "an outside system")} ${TITLE[reason]}` : TITLE[reason],
    message: error.message,
    ...(next ? { next } : {}),
    reason,
    upstream,
    retryable: data.retryable,
    problems: data.problems,
  };
}

/** One line, for toasts and dialogs. */
export function describeError(error: unknown): string {
  const { title, message, reason } = explainError(error);
  const saysItself = reason === "invalid" || reason === "conflict" || reason === "precondition_failed";
  if (saysItself) return message;
  return message === "" || message === title ? title : `${title}: ${message}`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
