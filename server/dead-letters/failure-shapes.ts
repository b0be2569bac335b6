import { hash } from "node:crypto";
import { causeOf } from "#domain/dead-letters/causes.ts";
import type { Failure } from "#domain/dead-letters/error-headers.ts";
import { type ChainLink, rootLink, splitTrace } from "#domain/dead-letters/exception-chain.ts";
import { type Grouping, groupingOf, groupingText } from "#domain/dead-letters/grouping.ts";
import { normaliseMessage } from "#domain/dead-letters/normalise-message.ts";
import { BoundedMap } from "./bounded-map.ts";

/** What a failure has in common with others: its group, and the error as it is kept. */
export interface FailureShape {
  fingerprint: string;
  grouping: Grouping;
  cause: string;
  errorHash: string;
  error: KeptError;
}

export interface KeptError {
  exception: string;
  message: string;
  chain: ChainLink[];
  frames: string;
  failedIn: string | null;
}

/** Remembers the shapes of recent failures: in a flood nearly every trace was seen a moment ago. */
export function createFailureShapes() {
  const byTrace = new BoundedMap<string, { failure: Failure; shape: FailureShape }>(500);
  const byOutline = new BoundedMap<string, FailureShape>(5_000);
  const templates = new BoundedMap<string, string>(5_000);

  const template = (message: string): string => {
    const known = templates.get(message);
    if (known !== undefined) return known;
    const made = normaliseMessage(message);
    templates.set(message, made);
    return made;
  };

  return {
    of(failure: Failure): FailureShape {
      const trace = failure.trace ?? "";
      const seen = byTrace.get(trace);
      if (seen && isSame(seen.failure, failure)) return seen.shape;
      const shape = shapeOf(failure, trace);
      // What is remembered must not hold the batch it came from in memory; the last failure of each trace is enough.
      byTrace.set(trace, {
        failure: { ...failure, original: failure.original && { ...failure.original } },
        shape,
      });
      return shape;
    },
  };

  function shapeOf(failure: Failure, trace: string): FailureShape {
    const { chain, frames } = splitTrace(trace);
    const root = rootLink(chain);
    const message = template(root.message || failure.message || "");
    const outline = [
      failure.stage,
      failure.connector,
      failure.original?.topic,
      failure.exception,
      failure.failedIn,
      message,
      frames,
    ].join("\u0000");
    const known = byOutline.get(outline);
    if (known) return known;
    const grouping = groupingOf({
      stage: failure.stage,
      connector: failure.connector,
      topic: failure.original?.topic,
      exception: failure.exception,
      message: failure.message,
      chain,
    });
    const error: KeptError = {
      exception: failure.exception ?? chain[0]?.exception ?? "",
      message,
      chain: chain.map((link) => ({ exception: link.exception, message: template(link.message) })),
      frames,
      failedIn: failure.failedIn ?? null,
    };
    const shape: FailureShape = {
      fingerprint: sha(groupingText(grouping)),
      grouping,
      cause: causeOf(grouping).id,
      errorHash: sha(
        JSON.stringify([
          error.exception,
          message,
          error.chain.map((link) => link.exception),
          frames,
          error.failedIn,
        ]),
      ),
      error,
    };
    byOutline.set(outline, shape);
    return shape;
  }
}

function isSame(a: Failure, b: Failure): boolean {
  return (
    a.message === b.message &&
    a.stage === b.stage &&
    a.connector === b.connector &&
    a.exception === b.exception &&
    a.failedIn === b.failedIn &&
    a.original?.topic === b.original?.topic
  );
}

function sha(text: string): string {
  return hash("sha256", text, "hex").slice(0, 40);
}
