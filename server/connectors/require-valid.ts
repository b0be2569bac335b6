import type { Actor } from "#domain/access/permissions.ts";
import type { Finding } from "#domain/connectors/finding.ts";
import { requireNoErrors } from "#domain/connectors/finding.ts";
import type { ValidateInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { validateConfig } from "./validate-config.ts";

/** For plans: every error stops it, with all of them at their fields; the warnings come back to be shown. */
export async function requireValid(
  deps: Pick<Deps, "db" | "vault" | "cluster" | "connect" | "topicAdmin" | "limits" | "now">,
  actor: Actor,
  input: ValidateInput,
): Promise<Finding[]> {
  const { findings, unchecked } = await validateConfig(deps, actor, input);
  const taken = findings.find((finding) => finding.path === "name" && finding.severity === "error");
  if (taken && /already has/.test(taken.message)) {
    throw new AppError("conflict", taken.message, { problems: [{ path: "name", message: taken.message }] });
  }
  requireNoErrors(findings, `The configuration of ${input.name}`);
  const missing = unchecked.find((each) => each.blocks);
  if (missing) {
    throw new AppError("upstream_unavailable", missing.message, {
      upstream: missing.upstream,
      retryable: true,
    });
  }
  return findings;
}
