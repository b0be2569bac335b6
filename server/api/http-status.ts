import type { ErrorCode } from "#domain/errors/app-error.ts";

/** For doors that speak plain HTTP. */
export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_many_requests: 429,
  upstream_rejected: 422,
  upstream_unavailable: 503,
  upstream_contract_broken: 502,
} as const satisfies Record<ErrorCode, number>;
