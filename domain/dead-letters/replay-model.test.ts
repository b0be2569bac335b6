import fc from "fast-check";
import { expect, test } from "vitest";
import { orderReplay, type ReplayItem } from "./replay-order.ts";
import { eventsBehind, type RowEvent, type Sending } from "./row-events.ts";
import { isSentByDefault, judge } from "./verdict.ts";

/**
 * A small pipeline: one topic, one sink that lags behind and dead-letters events of broken rows, one target that keeps
 * the last version written. Replays are frozen first and run later, follow the real verdicts and the real order, crash
 * between sending and noting (what arrived is then read back from the topic, as the worker does), and are aborted while
 * the sink has not got to what they sent. What is expected is taken from what the sink did, not from the verdicts.
 */
interface Event {
  key: string;
  version: number;
  sending?: { replay: number; position: number };
}
interface Letter {
  id: number;
  offset: number;
  event: Event;
  status: "PENDING" | "RESOLVED";
  failedReplays: number;
  markerAtFailure: number | undefined;
}
interface Item extends ReplayItem {
  state: Sending["state"];
  sentTo: number | undefined;
}
interface Replay {
  items: Item[];
  scannedTo: number;
  isEnded: boolean;
}

class Pipeline {
  readonly topic: Event[] = [];
  readonly letters: Letter[] = [];
  readonly replays: Replay[] = [];
  readonly source = new Map<string, number>();
  readonly target = new Map<string, number>();
  readonly broken = new Set<string>();
  /** Offsets of events that the sink has written. */
  readonly written = new Set<number>();
  /** Changes with everything that could make a difference to the sink. */
  marker = 0;
  committed = 0;

  change(key: string): void {
    const version = (this.source.get(key) ?? 0) + 1;
    this.source.set(key, version);
    this.topic.push({ key, version });
  }

  setBroken(key: string, isBroken: boolean): void {
    if (this.broken.has(key) === isBroken) return;
    this.marker += 1;
    if (isBroken) this.broken.add(key);
    else this.broken.delete(key);
  }

  /** The sink takes the next events; a broken row becomes a dead letter, or stays the one it was. */
  drain(count = Number.POSITIVE_INFINITY): void {
    for (let taken = 0; taken < count && this.committed < this.topic.length; taken += 1) {
      const offset = this.committed;
      const event = this.topic[offset];
      this.committed += 1;
      if (!event) continue;
      const item = this.itemOf(event);
      if (!this.broken.has(event.key)) {
        expect(event.version).toBeGreaterThanOrEqual(this.target.get(event.key) ?? 0);
        this.target.set(event.key, event.version);
        this.written.add(offset);
        continue;
      }
      if (!item) {
        this.report(offset, event);
        continue;
      }
      item.state = "failed";
      const letter = this.letter(item);
      letter.failedReplays += 1;
      letter.markerAtFailure = this.marker;
    }
  }

  /** A sink that crashed before it committed tells of the same failure once more. */
  reportAgain(): void {
    const last = this.letters.at(-1);
    if (last?.status === "PENDING" && this.committed === last.offset + 1)
      this.report(last.offset, last.event);
  }

  /** Dead-letter topics have partitions: what failed first need not be found first. */
  private report(offset: number, event: Event): void {
    const id = ((this.letters.length + 1) * 7_919) % 10_007;
    this.letters.push({
      id,
      offset,
      event,
      status: "PENDING",
      failedReplays: 0,
      markerAtFailure: undefined,
    });
  }

  private itemOf({ sending }: Event): Item | undefined {
    return sending && this.replays[sending.replay]?.items[sending.position];
  }

  private letter({ id }: { id: number }): Letter {
    const found = this.letters.find((letter) => letter.id === id);
    if (!found) throw new Error(`There is no letter ${id}`);
    return found;
  }

  /** Offset of the event that an event in the topic tells of. */
  private sourceOffset(event: Event, offset: number): number {
    const item = this.itemOf(event);
    return item ? this.letter(item).offset : offset;
  }

  propose(keys: readonly string[]): void {
    const open = this.letters.filter((letter) => letter.status === "PENDING");
    const openOffsets = new Map<string, Set<number>>();
    for (const letter of open)
      openOffsets.set(letter.event.key, (openOffsets.get(letter.event.key) ?? new Set()).add(letter.offset));
    const chosen = open.filter((letter) => keys.includes(letter.event.key));
    const candidates = chosen.map((letter) => {
      const failed = openOffsets.get(letter.event.key) ?? new Set<number>();
      const behind = this.topic.flatMap((event, offset) =>
        offset > letter.offset && event.key === letter.event.key ? [this.rowEvent(event, offset)] : [],
      );
      const { verdict } = judge({
        hasKey: true,
        scan: "complete",
        ...eventsBehind(letter.offset, behind, failed),
        openBefore: [...failed].filter((offset) => offset < letter.offset).length,
        openAfter: [...failed].filter((offset) => offset > letter.offset).length,
        failedReplays: letter.failedReplays,
        unchangedSinceFailure: letter.markerAtFailure === this.marker,
      });
      expect(verdict === "superseded").toBe(this.isOvertaken(letter));
      return {
        id: letter.id,
        at: { topic: "dlq", partition: 0, offset: letter.id },
        original: { topic: "t", partition: 0, offset: letter.offset },
        keyHash: letter.event.key,
        verdict,
      };
    });
    const items = orderReplay(candidates).items.map((item) => ({
      ...item,
      state: isSentByDefault(item.verdict) ? ("waiting" as const) : ("skipped" as const),
      sentTo: undefined,
    }));
    this.replays.push({ items, scannedTo: this.topic.length, isEnded: false });
  }

  /** By what the sink did: something newer of the row was written, or lies before it. */
  private isOvertaken(letter: Letter): boolean {
    return this.topic.some(
      (event, offset) =>
        event.key === letter.event.key &&
        this.sourceOffset(event, offset) > letter.offset &&
        (this.written.has(offset) || offset >= this.committed),
    );
  }

  private rowEvent(event: Event, offset: number): RowEvent {
    const item = this.itemOf(event);
    return item ? { offset, sending: { of: this.letter(item).offset, state: item.state } } : { offset };
  }

  /** The one that was begun and not ended has the locks; else the newest plan. */
  private current(): number {
    const begun = this.replays.findIndex(
      (replay) => !replay.isEnded && replay.items.some(({ state }) => state === "sent"),
    );
    return begun >= 0 ? begun : this.replays.length - 1;
  }

  /** Works on a plan until it is done, or the worker dies after so many sendings, the last of them not noted. */
  run(crashAfter: number): void {
    const index = this.current();
    const replay = this.replays[index];
    if (!replay || replay.isEnded) return;
    this.findArrived(index);
    let sent = 0;
    for (const wave of new Set(replay.items.map((item) => item.wave))) {
      for (const item of replay.items) {
        const letter = this.letter(item);
        if (item.wave !== wave || item.state !== "waiting") continue;
        const { key, version } = letter.event;
        const isOvertaken = this.topic
          .slice(replay.scannedTo)
          .some((event) => event.key === key && event.sending?.replay !== index);
        if (letter.status !== "PENDING" || isOvertaken) {
          item.state = "skipped";
          continue;
        }
        expect(this.isUnderway(letter)).toBe(false);
        this.topic.push({ key, version, sending: { replay: index, position: item.position } });
        if (sent++ === crashAfter) return;
        item.state = "sent";
        item.sentTo = this.topic.length - 1;
      }
      this.confirm(replay);
    }
    replay.isEnded = true;
  }

  /** The event was sent, and the sink has not said how that ended. */
  private isUnderway(letter: Letter): boolean {
    return this.topic.some((event) => {
      const item = this.itemOf(event);
      return (
        item !== undefined &&
        this.letter(item).offset === letter.offset &&
        (item.state === "sent" || item.state === "waiting")
      );
    });
  }

  private findArrived(index: number): void {
    for (const [offset, event] of this.topic.entries()) {
      const item = event.sending?.replay === index ? this.itemOf(event) : undefined;
      if (item?.state === "waiting") [item.state, item.sentTo] = ["sent", offset];
    }
  }

  /** The sink has committed past what was sent: it came back or was delivered. The first failure of a row stops the rest. */
  private confirm(replay: Replay): void {
    this.drain();
    this.deliverPassed(replay);
    const stopped = new Set(replay.items.flatMap((item) => (item.state === "failed" ? [item.chain] : [])));
    for (const item of replay.items)
      if (item.state === "waiting" && stopped.has(item.chain)) item.state = "skipped";
  }

  private deliverPassed(replay: Replay): void {
    for (const item of replay.items) {
      if (item.state !== "sent" || (item.sentTo ?? 0) >= this.committed) continue;
      item.state = "delivered";
      const letter = this.letter(item);
      letter.status = "RESOLVED";
    }
  }

  /** A person ends what was begun, wherever the sink is. */
  abort(): void {
    const replay = this.replays[this.current()];
    if (replay) replay.isEnded = true;
  }

  /** What looks after ended replays: what arrived of them is settled when the sink has got past it. */
  settle(): void {
    for (const [index, replay] of this.replays.entries()) {
      if (!replay.isEnded) continue;
      this.findArrived(index);
      this.deliverPassed(replay);
    }
  }

  /** Reads a row again from the source; once the target has it, its dead letters need nothing more. */
  reread(key: string): void {
    const version = this.source.get(key);
    if (version === undefined) return;
    this.topic.push({ key, version });
    this.drain();
    if (this.target.get(key) !== this.source.get(key)) return;
    for (const letter of this.letters) if (letter.event.key === key) letter.status = "RESOLVED";
  }

  /** What must hold whenever the sink has nothing before it. */
  check(): void {
    this.drain();
    for (const [key, version] of this.source) {
      const isOpen = this.letters.some((letter) => letter.event.key === key && letter.status === "PENDING");
      if (!isOpen) expect(this.target.get(key)).toBe(version);
    }
    const sendings = this.topic.flatMap(({ sending }) =>
      sending ? [`${sending.replay}/${sending.position}`] : [],
    );
    expect(new Set(sendings).size).toBe(sendings.length);
    for (const replay of this.replays) {
      const gone = replay.items.filter(({ state }) => state === "delivered" || state === "failed");
      const events = gone.map((item) => this.letter(item).offset);
      expect(new Set(events).size).toBe(events.length);
      for (const item of gone)
        expect(
          gone.filter(
            (earlier) =>
              earlier.keyHash === item.keyHash && earlier.wave < item.wave && earlier.state === "failed",
          ),
        ).toEqual([]);
    }
  }
}

const KEYS = ["a", "b", "c"];
const key = fc.constantFrom(...KEYS);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("break" as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("mend" as const), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drain" as const), count: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("report again" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("propose" as const), keys: fc.subarray(KEYS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("propose" as const), keys: fc.constant(KEYS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("run" as const), crashAfter: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reread" as const), key }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function perform(pipeline: Pipeline, one: Act): void {
  if (one.do === "change") pipeline.change(one.key);
  else if (one.do === "break") pipeline.setBroken(one.key, true);
  else if (one.do === "mend") pipeline.setBroken(one.key, false);
  else if (one.do === "drain") pipeline.drain(one.count);
  else if (one.do === "report again") pipeline.reportAgain();
  else if (one.do === "propose") pipeline.propose(one.keys);
  else if (one.do === "reread") pipeline.reread(one.key);
  else if (one.do === "abort") pipeline.abort();
  else if (one.do === "settle") pipeline.settle();
  else pipeline.run(one.crashAfter);
}

test("whatever fails, is mended, replayed, crashes and is aborted: no row goes back, nothing is sent twice, and a row without an open dead letter is as in the source", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80, size: "max" }), (acts) => {
      const pipeline = new Pipeline();
      for (const one of acts) perform(pipeline, one);
      pipeline.check();
    }),
    { numRuns: 3_000 },
  );
});

test("once all is mended, replays deliver whatever nothing newer has overtaken, and reading those rows again leaves nothing open and nothing different", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80, size: "max" }), (acts) => {
      const pipeline = new Pipeline();
      for (const one of acts) perform(pipeline, one);
      for (const broken of [...pipeline.broken]) pipeline.setBroken(broken, false);
      pipeline.drain();
      pipeline.run(Number.POSITIVE_INFINITY);
      pipeline.abort();
      pipeline.settle();
      // An event that is told of twice is sent once by each.
      for (let round = 0; round < 3; round += 1) {
        pipeline.propose(KEYS);
        pipeline.run(Number.POSITIVE_INFINITY);
      }

      const open = pipeline.letters.filter(({ status }) => status === "PENDING");
      for (const { event, failedReplays } of open)
        if (failedReplays < 5) expect(pipeline.target.get(event.key)).toBeGreaterThanOrEqual(event.version);
      for (const { items } of pipeline.replays)
        expect(items.filter(({ state }) => state === "sent")).toEqual([]);
      for (const letter of open) pipeline.reread(letter.event.key);
      expect(pipeline.letters.filter(({ status }) => status === "PENDING")).toEqual([]);
      expect([...pipeline.target].sort()).toEqual([...pipeline.source].sort());
    }),
    { numRuns: 2_000 },
  );
});
