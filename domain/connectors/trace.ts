import { z } from "zod";
import { redactUpstream } from "./redact.ts";

export const Cause = z.object({
  /** Fully qualified class of the exception. */
  exception: z.string(),
  message: z.string(),
  /** First frame, as `Class.method(File:line)`. */
  at: z.string().optional(),
});
export type Cause = z.infer<typeof Cause>;

export const ParsedTrace = z.object({
  /** The innermost cause: what to fix. */
  root: Cause,
  /** From the root outwards, ending with what Connect reported. */
  chain: z.array(Cause),
  /** The whole trace for a closer look. */
  text: z.string(),
});
export type ParsedTrace = z.infer<typeof ParsedTrace>;

const HEAD = /^(?:Caused by: )?((?:[\w$]+\.)+[\w$]+)(?::\s?([\s\S]*))?$/;

/** Reads a Java stack trace: root cause first, without row data and without what references resolved to. */
export function parseTrace(trace: string): ParsedTrace {
  const text = redactUpstream(trace.trim());
  const causes = sections(text).map(readCause);
  const chain = causes.reverse();
  const [root = { exception: "", message: firstLine(text) }] = chain;
  return { root, chain: chain.length > 0 ? chain : [root], text };
}

/** One sentence for lists: `ConstraintViolationException: …`. */
export function rootCauseLine(trace: string): string {
  const { root } = parseTrace(trace);
  const name = root.exception.split(".").at(-1) ?? "";
  const message = firstLine(root.message);
  if (!name) return message;
  return message ? `${name}: ${message}` : name;
}

/** The first section and each `Caused by:`; suppressed exceptions are side effects, not causes. */
function sections(text: string): string[] {
  const parts = text.split(/\n(?=Caused by: )/);
  return parts.map((part) => part.split(/\n\s+Suppressed: /)[0] ?? part);
}

function readCause(section: string): Cause {
  const lines = section.split("\n");
  const frame = lines.findIndex((line) => /^\s+(at |\.\.\. \d+ )/.test(line));
  const head = (frame < 0 ? lines : lines.slice(0, frame)).join("\n").trim();
  const at = /^\s+at (.+)$/.exec(lines[frame] ?? "")?.[1];
  const match = HEAD.exec(head);
  const where = at ? { at } : {};
  if (!match?.[1]) return { exception: "", message: head.replace(/^Caused by: /, ""), ...where };
  return { exception: match[1], message: (match[2] ?? "").trim(), ...where };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.trim() ?? "";
}
