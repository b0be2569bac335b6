import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { downloads, fetchInto, isComplete, pomProfile, pomProperty } from "./downloads.ts";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "lab-downloads-"));
});
afterEach(() => rm(place, { recursive: true }));

const fill = (staging: string) => writeFile(join(staging, "engine.jar"), "x".repeat(100));

test("a whole download is complete", async () => {
  const folder = join(place, "engine-1");
  await fetchInto(folder, "recipe", fill);

  expect(await isComplete(folder, "recipe")).toBe(true);
  expect(await isComplete(folder, "a changed recipe")).toBe(false);
});

test.each([
  ["a file was cut off", (folder: string) => truncate(join(folder, "engine.jar"), 50)],
  ["a file is gone", (folder: string) => rm(join(folder, "engine.jar"))],
  ["a file came from elsewhere", (folder: string) => writeFile(join(folder, "other.jar"), "y")],
])("a download is incomplete when %s, and fetching it again heals it", async (_case, damage) => {
  const folder = join(place, "engine-1");
  await fetchInto(folder, "recipe", fill);
  await damage(folder);

  expect(await isComplete(folder, "recipe")).toBe(false);
  await fetchInto(folder, "recipe", fill);
  expect(await isComplete(folder, "recipe")).toBe(true);
});

test("an interrupted fetch leaves nothing that looks like a download", async () => {
  const folder = join(place, "engine-1");

  const fetching = fetchInto(folder, "recipe", async (staging) => {
    await fill(staging);
    throw new Error("the network went away");
  });

  await expect(fetching).rejects.toThrow("the network went away");
  expect(await readdir(place)).toEqual([]);
});

test("every download has its version in the pom, and its profile", async () => {
  const pom = await readFile(join(import.meta.dirname, "pom.xml"), "utf8");

  for (const { name, version } of downloads) {
    expect(pomProperty(pom, version)).toMatch(/^\d+\.\d+/);
    expect(pomProfile(pom, name)).toContain(`\${${version}}`);
  }
  expect(() => pomProperty(pom, "nothing.version")).toThrow("no property nothing.version");
});
