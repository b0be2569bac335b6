import { lt } from "drizzle-orm";
import { credentialChecks } from "#db/schema/credentials.ts";
import type { Deps } from "#server/deps.ts";
import { answerQuestion, askVault } from "./ask-vault.ts";
import { readUses, type UsedReference } from "./read-uses.ts";
import { checkKeyText, readStoredChecks, storeCheck } from "./stored-checks.ts";

/** Secrets looked at in one round; the ones that were not asked about for longest come first. */
const SECRETS_PER_ROUND = 200;
const AT_ONCE = 4;
const FORGET_UNUSED_MS = 24 * 60 * 60_000;

/** A job of the worker: looks at every secret in use again, and forgets what nobody uses any more. */
export async function refreshChecks(
  deps: Pick<Deps, "db" | "config" | "vault" | "now">,
): Promise<{ asked: number }> {
  const [uses, checks] = await Promise.all([readUses(deps), readStoredChecks(deps.db)]);
  const age = (used: UsedReference) => checks.get(checkKeyText(used))?.checkedAt.getTime() ?? 0;
  const secrets = [...Map.groupBy(uses.filter(isConfigured(deps)), secretText).values()]
    .sort((a, b) => Math.min(...a.map(age)) - Math.min(...b.map(age)))
    .slice(0, SECRETS_PER_ROUND);
  const waiting = [...secrets];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let same = waiting.shift(); same; same = waiting.shift()) await refreshSecret(deps, same);
    }),
  );
  await deps.db
    .delete(credentialChecks)
    .where(lt(credentialChecks.checkedAt, new Date(deps.now().getTime() - FORGET_UNUSED_MS)));
  return { asked: secrets.length };
}

async function refreshSecret(deps: Pick<Deps, "db" | "vault" | "now">, same: UsedReference[]): Promise<void> {
  const [first] = same;
  if (!first) return;
  const answer = await askVault(deps, first.cluster, first.parsed);
  for (const { cluster, parsed, reader } of same) {
    await storeCheck(
      deps.db,
      answerQuestion({ cluster, reference: parsed, reader, checkedAt: deps.now() }, answer),
    );
  }
}

/** A cluster can be taken out of the configuration while its databases are still registered. */
function isConfigured({ config }: Pick<Deps, "config">) {
  const names = new Set(config.clusters.map(({ name }) => name));
  return ({ cluster }: UsedReference) => names.has(cluster);
}

function secretText({ cluster, parsed }: UsedReference): string {
  return `${cluster} ${parsed.mount}/${parsed.path}@${parsed.version ?? ""}`;
}
