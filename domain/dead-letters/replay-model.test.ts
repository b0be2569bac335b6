import fc from "fast-check";
import { expect, test } from "vitest";
import { orderReplay, type ReplayItem } from "./replay-order.ts";
import { eventsBehind, type RowEvent } from "./row-events.ts";
import { isSentByDefault, judge } from "./verdict.ts";

/**
 * A small pipeline: one topic, one sink that lags behind and dead-letters events of broken rows, one target that keeps
 * the last version written. Replays are frozen first and run later, follow the real verdicts and the real order, and
 * crash between sending and noting; what arrived is then read back from the topic, as the worker does.
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
type ItemState = "waiting" | "sent" | "delivered" | "failed" | "skipped";
interface Replay {
  items: (ReplayItem & { state: ItemState })[];
  scannedTo: number;
}

class Pipeline {
  readonly topic: Event[] = [];
  readonly letters: Letter[] = [];
  readonly replays: Replay[] = [];
  readonly source = new Map<string, number>();
  readonly target = new Map<string, number>();
  readonly broken = new Set<string>();
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
      const item = event.sending && this.replays[event.sending.replay]?.items[event.sending.position];
      if (!this.broken.has(event.key)) {
        expect(event.version).toBeGreaterThanOrEqual(this.target.get(event.key) ?? 0);
        this.target.set(event.key, event.version);
        continue;
      }
      if (!item) {
        this.letters.push({
          id: this.letters.length,
          offset,
          event,
          status: "PENDING",
          failedReplays: 0,
          markerAtFailure: undefined,
        });
        continue;
      }
      item.state = "failed";
      const letter = this.letters[item.id];
      if (!letter) continue;
      letter.failedReplays += 1;
      letter.markerAtFailure = this.marker;
    }
  }

  propose(): void {
    const open = this.letters.filter((letter) => letter.status === "PENDING");
    const openOffsets = new Map<string, Set<number>>();
    for (const letter of open)
      openOffsets.set(letter.event.key, (openOffsets.get(letter.event.key) ?? new Set()).add(letter.offset));
    const candidates = open.map((letter) => {
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
    }));
    this.replays.push({ items, scannedTo: this.topic.length });
  }

  private rowEvent({ sending }: Event, offset: number): RowEvent {
    const item = sending && this.replays[sending.replay]?.items[sending.position];
    const letter = item && this.letters[item.id];
    return item && letter ? { offset, sending: { of: letter.offset, state: item.state } } : { offset };
  }

  /** Works on the newest plan until it is done or the worker dies after so many sendings, the last of them not noted. */
  run(crashAfter: number): void {
    const index = this.replays.length - 1;
    const replay = this.replays[index];
    if (!replay) return;
    for (const { sending } of this.topic) {
      const item = sending?.replay === index ? replay.items[sending.position] : undefined;
      if (item?.state === "waiting") item.state = "sent";
    }
    let sent = 0;
    for (const wave of new Set(replay.items.map((item) => item.wave))) {
      for (const item of replay.items) {
        const letter = this.letters[item.id];
        if (item.wave !== wave || item.state !== "waiting" || !letter) continue;
        const { key, version } = letter.event;
        const isOvertaken = this.topic
          .slice(replay.scannedTo)
          .some((event) => event.key === key && event.sending?.replay !== index);
        if (letter.status !== "PENDING" || isOvertaken) {
          item.state = "skipped";
          continue;
        }
        this.topic.push({ key, version, sending: { replay: index, position: item.position } });
        if (sent++ === crashAfter) return;
        item.state = "sent";
      }
      this.confirm(replay);
    }
  }

  /** The sink has committed past what was sent: it came back or was delivered. The first failure of a row stops the rest. */
  private confirm(replay: Replay): void {
    this.drain();
    for (const item of replay.items) {
      const letter = this.letters[item.id];
      if (item.state !== "sent" || !letter) continue;
      item.state = "delivered";
      expect(letter.status).toBe("PENDING");
      letter.status = "RESOLVED";
    }
    const stopped = new Set(replay.items.flatMap((item) => (item.state === "failed" ? [item.chain] : [])));
    for (const item of replay.items)
      if (item.state === "waiting" && stopped.has(item.chain)) item.state = "skipped";
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
    const busy = new Set(
      this.replays
        .at(-1)
        ?.items.flatMap((item) =>
          item.state === "sent" || item.state === "waiting" ? [this.letters[item.id]?.event.key] : [],
        ),
    );
    for (const [key, version] of this.source) {
      const isOpen = this.letters.some((letter) => letter.event.key === key && letter.status === "PENDING");
      if (!isOpen && !busy.has(key)) expect(this.target.get(key)).toBe(version);
    }
    const sendings = this.topic.flatMap(({ sending }) =>
      sending ? [`${sending.replay}/${sending.position}`] : [],
    );
    expect(new Set(sendings).size).toBe(sendings.length);
  }
}

const key = fc.constantFrom("a", "b", "c");
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("break" as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("mend" as const), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("drain" as const), count: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("propose" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("run" as const), crashAfter: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reread" as const), key }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function perform(pipeline: Pipeline, one: Act): void {
  if (one.do === "change") pipeline.change(one.key);
  else if (one.do === "break") pipeline.setBroken(one.key, true);
  else if (one.do === "mend") pipeline.setBroken(one.key, false);
  else if (one.do === "drain") pipeline.drain(one.count);
  else if (one.do === "propose") pipeline.propose();
  else if (one.do === "reread") pipeline.reread(one.key);
  else pipeline.run(one.crashAfter);
}

test("whatever fails, is mended, replayed and crashes: no row goes back, nothing is sent twice, and a row without an open dead letter is as in the source", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const pipeline = new Pipeline();
      for (const one of acts) perform(pipeline, one);
      pipeline.check();
    }),
    { numRuns: 3_000 },
  );
});

test("once all is mended, finishing the last replay and reading the open rows again leaves nothing open and nothing different", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const pipeline = new Pipeline();
      for (const one of acts) perform(pipeline, one);
      for (const broken of [...pipeline.broken]) pipeline.setBroken(broken, false);
      pipeline.drain();
      pipeline.run(Number.POSITIVE_INFINITY);
      for (const replay of pipeline.replays.slice(-1))
        expect(
          replay.items.filter(({ state }) => !["delivered", "failed", "skipped"].includes(state)),
        ).toEqual([]);
      pipeline.propose();
      pipeline.run(Number.POSITIVE_INFINITY);
      for (const letter of pipeline.letters)
        if (letter.status === "PENDING") pipeline.reread(letter.event.key);

      expect(pipeline.letters.filter(({ status }) => status === "PENDING")).toEqual([]);
      expect([...pipeline.target].sort()).toEqual([...pipeline.source].sort());
    }),
    { numRuns: 2_000 },
  );
});
