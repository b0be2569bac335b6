import { z } from "zod";

export const ErrorCode = z.enum([
  "invalid",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "precondition_failed",
  "too_many_requests",
  "upstream_rejected",
  "upstream_unavailable",
  "upstream_contract_broken",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** One problem at one input; `path` is the key or dotted path a form can focus. */
export const FieldProblem = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

interface AppErrorOptions {
  retryable?: boolean;
  cause?: unknown;
  problems?: readonly FieldProblem[];
  /** The outside system that failed, in the words of the screen: "Kafka Connect", "Vault"… */
  upstream?: string;
}

/** Bundlers may load this module twice in one process; what one copy throws the other must still recognise. */
const BRAND = Symbol.for("headgate.app-error");

/** The one error of the product. The message is safe to show; the cause never leaves the server. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly problems: readonly FieldProblem[];
  readonly upstream: string | undefined;
  readonly [BRAND] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.problems = options.problems ?? [];
    this.upstream = options.upstream;
  }
}
