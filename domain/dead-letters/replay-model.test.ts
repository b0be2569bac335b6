import fc from "fast-check";
import { expect, test } from "vitest";
import { orderReplay } from "./replay-order.ts";
import { isSentByDefault, judge } from "./verdict.ts";

/**
 * A small pipeline: one topic, one sink that dead-letters events of broken rows, one target that keeps the last version
 * written. Replays follow the real verdicts and the real order; a crash repeats a replay from what the topic shows.
 */
interface Event {
  key: string;
  version: number;
}
interface Letter {
  id: number;
  offset: number;
  event: Event;
  status: "PENDING" | "RESOLVED";
}

class Pipeline {
  readonly topic: { event: Event; replayOf?: number }[] = [];
  readonly letters: Letter[] = [];
  readonly source = new Map<string, number>();
  readonly target = new Map<string, number>();
  readonly broken = new Set<string>();

  change(key: string): void {
    const version = (this.source.get(key) ?? 0) + 1;
    this.source.set(key, version);
    this.deliver({ key, version });
  }

  /** The sink takes an event at once; a broken row becomes a dead letter, or stays the one it was. */
  deliver(event: Event, replayOf?: number): boolean {
    const offset = this.topic.push({ event, ...(replayOf === undefined ? {} : { replayOf }) }) - 1;
    if (!this.broken.has(event.key)) {
      this.target.set(event.key, event.version);
      return true;
    }
    if (replayOf === undefined)
      this.letters.push({ id: this.letters.length, offset, event, status: "PENDING" });
    return false;
  }

  replay(crashAfter: number): void {
    const open = this.letters.filter((letter) => letter.status === "PENDING");
    const openOffsets = new Map<string, Set<number>>();
    for (const letter of open)
      openOffsets.set(letter.event.key, (openOffsets.get(letter.event.key) ?? new Set()).add(letter.offset));
    const failedReplays = new Set(
      this.topic.flatMap(({ replayOf, event }, offset) =>
        replayOf !== undefined && this.broken.has(event.key) ? [offset] : [],
      ),
    );
    const candidates = open.map((letter) => {
      const failed = openOffsets.get(letter.event.key) ?? new Set();
      const newer = this.topic.flatMap(({ event, replayOf }, offset) =>
        offset > letter.offset &&
        event.key === letter.event.key &&
        !failed.has(offset) &&
        !failedReplays.has(offset) &&
        (replayOf === undefined || this.letters[replayOf]?.status === "RESOLVED")
          ? [offset]
          : [],
      );
      const { verdict } = judge({
        hasKey: true,
        scan: "complete",
        newestDelivered: newer.at(-1),
        openBefore: [...failed].filter((offset) => offset < letter.offset).length,
        openAfter: [...failed].filter((offset) => offset > letter.offset).length,
        failedReplays: 0,
        unchangedSinceFailure: false,
      });
      return {
        id: letter.id,
        at: { topic: "dlq", partition: 0, offset: letter.id },
        original: { topic: "t", partition: 0, offset: letter.offset },
        keyHash: letter.event.key,
        verdict,
      };
    });
    const brokenChains = new Set<number>();
    let sent = 0;
    for (const item of orderReplay(candidates).items) {
      const letter = this.letters[item.id];
      if (!letter || !isSentByDefault(item.verdict) || brokenChains.has(item.chain)) continue;
      if (sent++ === crashAfter) return;
      if (this.deliver(letter.event, letter.id)) letter.status = "RESOLVED";
      else brokenChains.add(item.chain);
    }
  }
}

const act = fc.oneof(
  fc.record({ do: fc.constant("change" as const), key: fc.constantFrom("a", "b", "c") }),
  fc.record({ do: fc.constant("break" as const), key: fc.constantFrom("a", "b", "c") }),
  fc.record({ do: fc.constant("mend" as const), key: fc.constantFrom("a", "b", "c") }),
  fc.record({ do: fc.constant("replay" as const), crashAfter: fc.nat(5) }),
);

test("whatever fails, is mended, replayed and crashes: the target equals the source for every row without an open dead letter", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const pipeline = new Pipeline();
      for (const one of acts) {
        if (one.do === "change") pipeline.change(one.key);
        else if (one.do === "break") pipeline.broken.add(one.key);
        else if (one.do === "mend") pipeline.broken.delete(one.key);
        else pipeline.replay(one.crashAfter);
        for (const [key, version] of pipeline.source) {
          const isOpen = pipeline.letters.some(
            (letter) => letter.event.key === key && letter.status === "PENDING",
          );
          if (!isOpen) expect(pipeline.target.get(key)).toBe(version);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a row never goes back to an older version than the newest delivered", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const pipeline = new Pipeline();
      const newest = new Map<string, number>();
      for (const one of acts) {
        if (one.do === "change") pipeline.change(one.key);
        else if (one.do === "break") pipeline.broken.add(one.key);
        else if (one.do === "mend") pipeline.broken.delete(one.key);
        else pipeline.replay(one.crashAfter);
        for (const [key, version] of pipeline.target) {
          expect(version).toBeGreaterThanOrEqual(newest.get(key) ?? 0);
          newest.set(key, version);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
