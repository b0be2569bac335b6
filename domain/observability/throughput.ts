export interface Sample {
  /** Milliseconds. */
  at: number;
  count: number;
}

const WINDOW_MS = 10_000;

/** Keeps what is needed for the last ten seconds; a count that fell (a topic made anew) starts over. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && sample.count < last.count) return [sample];
  const kept = samples.filter((known) => sample.at - known.at <= WINDOW_MS);
  return [...kept, sample];
}

/** Events per second over the window, to one decimal; nothing before there are two samples. */
export function perSecond(samples: readonly Sample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.at <= first.at) return undefined;
  return Math.round(((last.count - first.count) / (last.at - first.at)) * 10_000) / 10;
}
