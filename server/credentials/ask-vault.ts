import type { SecretLocation } from "#domain/credentials/reference.ts";
import {
  type CheckFacts,
  type CheckQuestion,
  judgeReference,
  type ReferenceCheck,
  unansweredCheck,
} from "#domain/credentials/reference-check.ts";
import type { Deps } from "#server/deps.ts";
import { VaultFailure } from "#server/vault/failures.ts";

/** What Vault showed about one secret, for all of its keys; or why it could not be asked. */
export type VaultAnswer =
  | { answered: true; facts: CheckFacts }
  | { answered: false; state: "sealed" | "unreachable" | "not_configured"; sentence: string };

/** Three questions at once, none of which reads a value. */
export async function askVault(
  { vault }: Pick<Deps, "vault">,
  cluster: string,
  location: SecretLocation,
): Promise<VaultAnswer> {
  const client = vault(cluster);
  if (!client) {
    return {
      answered: false,
      state: "not_configured",
      sentence: `The cluster ${cluster} has no Vault configured`,
    };
  }
  try {
    const [look, connectorMayRead, headgateMayRead] = await Promise.all([
      client.look(location),
      client.connectorMayRead(location),
      client.headgateMayRead(location),
    ]);
    return { answered: true, facts: { look, connectorMayRead, headgateMayRead } };
  } catch (error) {
    if (!(error instanceof VaultFailure)) throw error;
    const isClosed = error.kind === "sealed" || error.kind === "uninitialised";
    return { answered: false, state: isClosed ? "sealed" : "unreachable", sentence: error.message };
  }
}

export function answerQuestion(question: CheckQuestion, answer: VaultAnswer): ReferenceCheck {
  if (answer.answered) return judgeReference(question, answer.facts);
  return unansweredCheck(question, answer.state, answer.sentence);
}
