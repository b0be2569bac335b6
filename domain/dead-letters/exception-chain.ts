/** What is asked of a trace: a string, or bytes of which only the parts that are looked at become strings. */
export interface TraceText {
  readonly length: number;
  indexOf(text: string, from: number): number;
  slice(from: number, to: number): string;
}

/** One exception of a Java stack trace. */
export interface ChainLink {
  exception: string;
  message: string;
}

export interface SplitTrace {
  /** From the outermost exception to the root cause. */
  chain: ChainLink[];
  /** Tells places of failure apart without reading every frame: how long each part is, and where it begins. */
  signature: string;
  /** The trace without its messages: the same for every record that failed in the same place. */
  frames(): string;
}

const MAX_LINKS = 32;
const MAX_MESSAGE = 2_000;
const MAX_FRAMES = 16_000;
const FIRST_FRAME = 160;
const CAUSED_BY = "\nCaused by: ";

/** Splits a trace by searching for line starts, so that a megabyte of it costs no more than reading it once. */
export function splitTrace(trace: TraceText): SplitTrace {
  const chain: ChainLink[] = [];
  const parts: { from: number; to: number }[] = [];
  let signature = "";
  let from = 0;
  while (from < trace.length && chain.length < MAX_LINKS) {
    const next = trace.indexOf(CAUSED_BY, from);
    const end = next < 0 ? trace.length : next;
    const headEnd = endOfHead(trace, from, end);
    chain.push(readHead(trace.slice(from, Math.min(headEnd, from + MAX_MESSAGE + 300))));
    parts.push({ from: headEnd, to: end });
    signature += `${end - headEnd}${firstLine(trace, headEnd, end)}|`;
    if (next < 0) break;
    from = next + CAUSED_BY.length;
  }
  return { chain, signature, frames: () => framesOf(trace, chain, parts) };
}

function firstLine(trace: TraceText, from: number, end: number): string {
  const line = trace.indexOf("\n", from + 1);
  return trace.slice(from, Math.min(line < 0 ? end : line, end, from + FIRST_FRAME));
}

function framesOf(
  trace: TraceText,
  chain: readonly ChainLink[],
  parts: readonly { from: number; to: number }[],
): string {
  let frames = "";
  for (const [index, { from, to }] of parts.entries()) {
    if (frames.length >= MAX_FRAMES) break;
    const kept = trace.slice(from, Math.min(to, from + MAX_FRAMES - frames.length)).trimEnd();
    frames += `${index > 0 ? "Caused by: " : ""}${chain[index]?.exception ?? ""}${kept}\n`;
  }
  return frames;
}

/** A message may run over several lines; it ends where the first frame begins. */
function endOfHead(trace: TraceText, from: number, end: number): number {
  const at = trace.indexOf("\n\tat ", from);
  const dots = trace.indexOf("\n\t... ", from);
  const first = at < 0 ? dots : dots < 0 ? at : Math.min(at, dots);
  return first < 0 || first > end ? end : first;
}

function readHead(head: string): ChainLink {
  const match = /^((?:[\w$]+\.)*[\w$]+)(?::\s?([\s\S]*))?$/.exec(head.trim());
  if (!match?.[1]) return { exception: "", message: head.trim().slice(0, MAX_MESSAGE) };
  return { exception: match[1], message: (match[2] ?? "").trim().slice(0, MAX_MESSAGE) };
}

/** `org.apache.kafka.connect.errors.DataException` → `DataException` */
export function simpleName(exception: string): string {
  return exception.slice(exception.lastIndexOf(".") + 1);
}

/** The link that says most: the innermost with a message, else the innermost. */
export function rootLink(chain: readonly ChainLink[]): ChainLink {
  return chain.findLast((link) => link.message !== "") ?? chain.at(-1) ?? { exception: "", message: "" };
}
