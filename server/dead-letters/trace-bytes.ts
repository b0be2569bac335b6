import type { TraceText } from "#domain/dead-letters/exception-chain.ts";

/** A trace is four fifths of a record; of most only the beginnings of its causes are read. */
export class TraceBytes implements TraceText {
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  indexOf(text: string, from: number): number {
    return this.bytes.indexOf(text, from, "latin1");
  }

  slice(from: number, to: number): string {
    return this.bytes.toString("utf8", from, to);
  }
}
