import { and, eq } from "drizzle-orm";
import { connectorVersions } from "#db/schema/connectors.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { diffConfig } from "#domain/connectors/config-diff.ts";
import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import type { ProposeRevertInput } from "#domain/connectors/version.ts";
import { withQuarantineOf } from "#domain/dead-letters/quarantine-list.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { proposeConfig } from "./propose-update.ts";
import { quarantineOf } from "./quarantine-work.ts";
import { latestVersion } from "./record-version.ts";

/** Going back is a change like any other: a plan with its own consequences. What a quarantine did meanwhile stays. */
export async function proposeRevert(
  deps: Deps,
  actor: Actor,
  { cluster, name, version, note }: ProposeRevertInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "connectors:configure");
  const [target] = await deps.db
    .select({ config: connectorVersions.config })
    .from(connectorVersions)
    .where(
      and(
        eq(connectorVersions.cluster, cluster),
        eq(connectorVersions.name, name),
        eq(connectorVersions.version, version),
      ),
    );
  if (!target) throw new AppError("not_found", `${name} has no version ${version}`);
  const [live, latest] = await Promise.all([
    deps.connect(cluster).config(name),
    latestVersion(deps.db, { cluster, name }),
  ]);
  // A sink whose list is taken away meets the record again that stopped it.
  const quarantine = await quarantineOf(deps.db, { cluster, name }, hidePlaintext(live), latest);
  const config = withQuarantineOf(live, quarantine, target.config);
  const kept = diffConfig(target.config, config).map(({ key }) => key);
  return proposeConfig(deps, actor, {
    cluster,
    name,
    live,
    config,
    title: `Revert ${name} to version ${version}`,
    origin: "reverted",
    note: note ?? `Back to version ${version}`,
    consequences:
      kept.length > 0
        ? [
            {
              severity: "info",
              text: `What a quarantine of Headgate set stays as it is: ${kept.join(", ")}.`,
            },
          ]
        : [],
  });
}
