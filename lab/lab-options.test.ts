import { expect, test } from "vitest";
import { mergeOptions } from "./lab-options.ts";

const saved = { portBase: 20_000, ports: { kafka: 9_092 }, rows: 5_000, traffic: 3 };

test("a first start takes the defaults", () => {
  const { save, ports, headgateUrl } = mergeOptions({}, undefined);

  expect(save).toEqual({ portBase: 17_400, ports: {}, rows: 120_000, traffic: 0 });
  expect(ports.connect).toBe(17_420);
  expect(headgateUrl).toBe("http://127.0.0.1:17400");
});

test("a lab resumes as it was started", () => {
  expect(mergeOptions({}, saved).save).toEqual(saved);
  expect(mergeOptions({}, saved).ports).toMatchObject({ kafka: 9_092, connect: 20_020 });
});

test("options given now win over saved ones", () => {
  expect(mergeOptions({ traffic: 0, ports: { connect: 9_093 } }, saved)).toMatchObject({
    save: { traffic: 0, rows: 5_000 },
    ports: { kafka: 9_092, connect: 9_093 },
  });
});

test("another base forgets the single ports chosen with the old one", () => {
  expect(mergeOptions({ portBase: 21_000 }, saved).ports.kafka).toBe(21_010);
});

test.each([{ rows: 5 }, { rows: 1.5 }, { traffic: -1 }, { traffic: Number.NaN }, { portBase: 1 }])(
  "%j is refused",
  (options) => {
    expect(() => mergeOptions(options, undefined)).toThrow();
  },
);
