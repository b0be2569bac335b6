import { z } from "zod";
import { AppError, type ErrorCode } from "#domain/errors/app-error.ts";
import { VaultUnanswered, VaultUnreadable } from "./transport.ts";

export type VaultFailureKind =
  | "unanswered"
  | "sealed"
  | "uninitialised"
  | "login_refused"
  | "denied"
  | "not_found"
  | "rejected"
  | "redirected"
  | "contract_broken";

/** Callers tell a sealed Vault from a silent one, and a denied path from a missing secret. */
export class VaultFailure extends AppError {
  readonly kind: VaultFailureKind;
  /** The reply, for the adapter alone: a deleted version answers 404 with a body. */
  readonly body: unknown;

  constructor(kind: VaultFailureKind, message: string, options: { cause?: unknown; body?: unknown } = {}) {
    const retryable = kind === "unanswered" || kind === "sealed";
    super(CODES[kind], message, { upstream: "Vault", retryable, cause: options.cause });
    this.kind = kind;
    this.body = options.body;
  }
}

const CODES: Record<VaultFailureKind, ErrorCode> = {
  unanswered: "upstream_unavailable",
  sealed: "upstream_unavailable",
  uninitialised: "upstream_unavailable",
  login_refused: "upstream_rejected",
  denied: "upstream_rejected",
  not_found: "upstream_rejected",
  rejected: "upstream_rejected",
  redirected: "upstream_rejected",
  contract_broken: "upstream_contract_broken",
};

const Refusal = z.object({ errors: z.array(z.string()) }).catch({ errors: [] });
const NodeVaultError = z.object({ response: z.object({ statusCode: z.number(), body: z.unknown() }) });

/** Vault's own words are looked at, never passed on: a refusal may quote what it was sent. */
export function vaultFailure(cluster: string, path: string, error: unknown, timeoutMs: number): VaultFailure {
  const vault = `Vault of ${cluster}`;
  if (error instanceof VaultFailure) return error;
  if (error instanceof VaultUnanswered)
    return new VaultFailure("unanswered", unanswered(vault, error.cause, timeoutMs), { cause: error });
  if (error instanceof VaultUnreadable) {
    return new VaultFailure(
      "contract_broken",
      `${vault} answered something that is not JSON; is the address right?`,
      { cause: error },
    );
  }
  const refused = NodeVaultError.safeParse(error);
  if (!refused.success)
    return new VaultFailure("contract_broken", `${vault} could not be asked`, { cause: error });
  const { statusCode, body } = refused.data.response;
  const reasons = Refusal.parse(body).errors.join(" ");
  const options = { body };
  if (statusCode === 403) return new VaultFailure("denied", `${vault} does not allow ${path}`, options);
  if (statusCode === 404) return new VaultFailure("not_found", `${vault} has nothing at ${path}`, options);
  if (statusCode >= 300 && statusCode < 400) {
    return new VaultFailure(
      "redirected",
      `${vault} redirects to another address; configure the address of the active node`,
      options,
    );
  }
  if (/not initialized/i.test(reasons))
    return new VaultFailure("uninitialised", `${vault} is not initialised`, options);
  if (/sealed/i.test(reasons)) return new VaultFailure("sealed", `${vault} is sealed`, options);
  if (statusCode >= 500)
    return new VaultFailure("unanswered", `${vault} answered ${statusCode} to ${path}`, options);
  return new VaultFailure("rejected", `${vault} refused ${path} with status ${statusCode}`, options);
}

const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: "refuses connections",
  ENOTFOUND: "has an address whose host name is unknown",
  EAI_AGAIN: "has an address whose host name cannot be resolved now",
  ECONNRESET: "cut the connection",
  SELF_SIGNED_CERT_IN_CHAIN: "has a certificate of an unknown authority; set caFile",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a self-signed certificate; set caFile",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "has a certificate of an unknown authority; set caFile",
  CERT_HAS_EXPIRED: "has an expired certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "has a certificate for another host name",
  ENOENT: "cannot be trusted: its CA file is missing",
};

function unanswered(vault: string, cause: unknown, timeoutMs: number): string {
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return `${vault} did not answer within ${timeoutMs / 1000} s`;
  }
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return `${vault} ${NETWORK_WORDS[code] ?? "did not answer"}`;
}
