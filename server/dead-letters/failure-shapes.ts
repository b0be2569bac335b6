import { hash } from "node:crypto";
import { causeOf } from "#domain/dead-letters/causes.ts";
import type { Failure } from "#domain/dead-letters/error-headers.ts";
import { type ChainLink, rootLink, splitTrace } from "#domain/dead-letters/exception-chain.ts";
import { type Grouping, groupingOf, groupingText } from "#domain/dead-letters/grouping.ts";
import { keptMessage } from "#domain/dead-letters/quarantine-reason.ts";
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

/** Remembers the shapes of recent failures: in a flood nearly every one was seen a moment ago. */
export function createFailureShapes() {
  const shapes = new BoundedMap<string, FailureShape>(5_000);
  const templates = new BoundedMap<string, string>(500);

  const template = (message: string): string => {
    const known = templates.get(message);
    if (known !== undefined) return known;
    const made = keptMessage(message);
    templates.set(detached(message), made);
    return made;
  };

  return {
    of(failure: Failure): FailureShape {
      const { chain, signature, frames } = splitTrace(failure.trace ?? "");
      const message = template(rootLink(chain).message || failure.message || "");
      const names = chain.map((link) => link.exception).join(" ");
      const topic = failure.original?.topic;
      const outline = [
        failure.stage,
        failure.connector,
        topic,
        failure.exception,
        failure.failedIn,
        message,
        names,
        signature,
      ].join("\u0000");
      const known = shapes.get(outline);
      if (known) return known;
      const shape = shapeOf(failure, chain, frames(), message);
      shapes.set(detached(outline), shape);
      return shape;
    },
  };

  function shapeOf(
    failure: Failure,
    chain: readonly ChainLink[],
    frames: string,
    message: string,
  ): FailureShape {
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
    const shape = {
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
    return structuredClone(shape);
  }
}

/** A part of a string keeps the whole in memory; what is remembered must not keep the batch it came from. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}

function sha(text: string): string {
  return hash("sha256", text, "hex").slice(0, 40);
}
