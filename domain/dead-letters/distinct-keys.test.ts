import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { addToSketch, estimateKeys, mergeSketch, SKETCH_SIZE } from "./distinct-keys.ts";

function sketchOf(from: number, to: number): Uint8Array {
  const sketch = new Uint8Array(SKETCH_SIZE);
  for (let key = from; key < to; key += 1) {
    const hash = createHash("sha1").update(`key ${key}`).digest();
    addToSketch(sketch, hash.readUInt32BE(0), hash.readUInt32BE(4));
  }
  return sketch;
}

test.each([0, 1, 10, 500, 10_000, 100_000])("%i keys are counted within a few per cent", (keys) => {
  expect(Math.abs(estimateKeys(sketchOf(0, keys)) - keys)).toBeLessThanOrEqual(Math.max(1, keys * 0.05));
});

test("two halves that overlap merge to the whole", () => {
  const merged = sketchOf(0, 3_000);

  mergeSketch(merged, sketchOf(2_000, 5_000));

  expect(merged).toEqual(sketchOf(0, 5_000));
});
