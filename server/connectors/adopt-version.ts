import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { diffConfig, sameConfig } from "#domain/connectors/config-diff.ts";
import { requirePolicy } from "#domain/connectors/policy-gate.ts";
import type { AdoptInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { policyOf } from "./cluster-policy.ts";
import { passwordKeysOf } from "./plugin-catalogue.ts";
import { latestVersion, recordVersion } from "./record-version.ts";

/** Takes what is live, changed outside Headgate or never made by it, as the wanted configuration. */
export async function adoptVersion(
  deps: Pick<Deps, "db" | "cluster" | "connect" | "now">,
  actor: Actor,
  { cluster, name, note }: AdoptInput,
): Promise<{ version: number }> {
  requirePermission(actor, "connectors:configure");
  const config = await deps.connect(cluster).config(name);
  requirePolicy(config, policyOf(deps.cluster(cluster)), await passwordKeysOf(deps, cluster, config));
  return deps.db.transaction(async (tx) => {
    const last = await latestVersion(tx, { cluster, name });
    if (last && last.origin !== "deleted" && sameConfig(last.config, config)) {
      throw new AppError("conflict", `Version ${last.version} is what is live already`);
    }
    const version = await recordVersion(tx, {
      cluster,
      name,
      config,
      origin: "adopted",
      author: actor,
      at: deps.now(),
      planId: null,
      note,
    });
    await appendAudit(tx, actor, {
      action: "connector.adopt",
      subject: { cluster, connector: name },
      outcome: "succeeded",
      detail: {
        version,
        changes: diffConfig(last?.config ?? {}, config).map(({ key, kind, before, after }) => ({
          key,
          kind,
          before,
          after,
        })),
      },
    });
    await notifyChange(tx, "connectors", `${cluster}/${name}`);
    return { version };
  });
}
