import { afterAll, beforeAll, expect, test } from "vitest";
import { type LettersLab, startLettersLab } from "#server/dead-letters/testing/letters-lab.ts";
import { createSetAside } from "./set-aside.ts";

let lab: LettersLab;

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

const at = (topic: string, offset: number) => new Map([[topic, new Map([[0, offset]])]]);

test("a sink that stands still behind its dead letters is past them, and not past what came later", async () => {
  const { original, connector, done } = await lab.letters(2);
  done();
  const setAside = createSetAside(lab.stack.deps, "lab");

  expect(await setAside(connector, at(original, 0), at(original, 2))).toEqual(at(original, 0));
  expect(await setAside(connector, at(original, 0), at(original, 2))).toEqual(at(original, 2));
  expect(await setAside(connector, at(original, 0), at(original, 2))).toEqual(at(original, 2));
  expect(await setAside("another-sink", at(original, 0), at(original, 2))).toEqual(at(original, 0));
  expect(await setAside("another-sink", at(original, 0), at(original, 2))).toEqual(at(original, 0));

  expect(await setAside(connector, at(original, 0), at(original, 3))).toEqual(at(original, 0));
  expect(await setAside(connector, at(original, 0), at(original, 3))).toEqual(at(original, 2));
  expect(await setAside(connector, at(original, 3), at(original, 3))).toEqual(at(original, 3));
});
