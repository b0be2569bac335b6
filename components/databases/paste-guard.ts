import { plaintextIn } from "#domain/credentials/plaintext.ts";

/** Why a pasted text must not get into a form: it is, or holds, a secret. Undefined when it may. */
export function refusePaste(text: string): string | undefined {
  if (plaintextIn(text) === undefined) return undefined;
  return "What you pasted holds a secret, so it was not kept. Store it in Vault yourself, then paste its reference here.";
}

/** A field for a reference takes references only; part of one may be pasted into what is there already. */
export function refusePastedReference(text: string, current: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const isReference = /^(vault:\/\/|\$\{)/.test(trimmed);
  const isPart = current.trim() !== "" && /^[A-Za-z0-9._/#@-]{1,120}$/.test(trimmed) && !looksRandom(trimmed);
  if (!isReference && !isPart) {
    return "That is not a reference, so it was not kept. If it is a secret, store it in Vault yourself, then paste its reference here.";
  }
  return refusePaste(text);
}

/** Words of a path seldom mix capitals, small letters and digits. */
function looksRandom(text: string): boolean {
  return text.length >= 12 && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}
