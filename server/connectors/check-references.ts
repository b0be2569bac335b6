import type { Actor } from "#domain/access/permissions.ts";
import type { Finding } from "#domain/connectors/finding.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { Unchecked } from "#domain/connectors/unchecked.ts";
import { formatReference, referencesIn } from "#domain/credentials/reference.ts";
import { checkReference } from "#server/credentials/check-reference.ts";
import type { Deps } from "#server/deps.ts";
import { policyOf } from "./cluster-policy.ts";

/**
 * Does every referenced secret exist, with its key, and may the connectors' role read it? Connect itself tells only that
 * something did not resolve, and with other providers not even that: the literal reference becomes the value.
 */
export async function checkReferences(
  deps: Pick<Deps, "db" | "vault" | "cluster" | "limits" | "now">,
  actor: Actor,
  cluster: string,
  config: ConnectorConfig,
): Promise<{ findings: Finding[]; unchecked: Unchecked[] }> {
  const { configProvider } = policyOf(deps.cluster(cluster));
  const places = Object.entries(config).flatMap(([key, value]) =>
    referencesIn(value, configProvider).map((reference) => ({ key, reference: formatReference(reference) })),
  );
  const findings: Finding[] = [];
  const unchecked = new Map<string, Unchecked>();
  for (const { key, reference } of places) {
    const check = await checkReference(deps, actor, {
      cluster,
      reference,
      reader: "connector",
      fresh: false,
    });
    if (check.state === "ok") continue;
    if (check.state === "sealed" || check.state === "unreachable" || check.state === "not_configured") {
      // Without a Vault of its own Headgate cannot look, but the workers may well resolve the reference.
      const blocks = check.state !== "not_configured";
      unchecked.set(check.state, {
        upstream: "Vault",
        message: `${check.sentence}: references were not checked`,
        blocks,
      });
      continue;
    }
    const message = [check.sentence, check.fix].filter((part) => part !== undefined).join(". ");
    findings.push({ path: key, severity: "error", source: "rule", message });
  }
  return { findings, unchecked: [...unchecked.values()] };
}
