import { normaliseMessage } from "./normalise-message.ts";

const MARK = "the sink stopped with: ";
const MOST_ERROR = 400;

/** What the quarantine transform's messages begin with. */
export const QUARANTINED = "Quarantined by Headgate";

/**
 * What stands beside the entries of a list, and with it in the error of each dead letter: what a person said, then the
 * error that stopped the sink, without row data. The error comes last, since whoever takes rows out of it takes the rest of
 * the text.
 */
export function quarantineReason({ error, reason }: { error: string; reason: string }): string {
  const [short = ""] = error.split(/\s+Detail: /);
  return [reason.trim(), short && `${MARK}${short.slice(0, MOST_ERROR)}`]
    .filter((part) => part !== "")
    .join("; ");
}

/**
 * A message as it is kept, without row data. What a person said about a quarantine stays in their own words, before the error
 * that the record had.
 */
export function keptMessage(message: string): string {
  const at = message.startsWith(QUARANTINED) ? message.lastIndexOf(MARK) : -1;
  const said = at < 0 ? "" : message.slice(0, at + MARK.length);
  return said + normaliseMessage(message.slice(said.length));
}

/** The error that a quarantined record had before, without its position and what a person said about it; others as they are. */
export function withoutReason(message: string): string {
  if (!message.startsWith(QUARANTINED)) return message;
  const at = message.lastIndexOf(MARK);
  return at < 0 ? QUARANTINED : `${QUARANTINED}: ${message.slice(at + MARK.length)}`;
}
