import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DockerComposeEnvironment, getContainerRuntimeClient, Wait } from "testcontainers";
import { type Endpoints, endpointsFile } from "../endpoints.ts";
import { isLabFolder, repoDir } from "../lab-options.ts";
import { openSecrets, writePrivate } from "../lab-secrets.ts";
import { defaultPortBase, derivePorts, describeTakenPorts, enginePorts, findTakenPorts } from "../ports.ts";
import { openContainerLab, writeEndpoints } from "./container-lab.ts";

/** Every engine, and with them what they depend on; Headgate itself is what the tests start. */
const services = ["connect", "oidc"];
/** The address that the compose file publishes for Headgate stays free for the one under test. */
const unusedPort = defaultPortBase + 99;
const startupMs = 300_000;

/** Starts the engines of docker-compose.yml and describes them in `dir` as the lab describes its own. */
export async function startContainers(
  dir: string,
  report: (line: string) => void,
): Promise<{ endpoints: Endpoints; stop: () => Promise<void> }> {
  if (isLabFolder(dir)) throw new Error(`${dir} is the folder of a lab without containers; choose another`);
  await requireContainerRuntime(getContainerRuntimeClient);
  const taken = await findTakenPorts(derivePorts(defaultPortBase), enginePorts);
  if (taken.length > 0) throw new Error(describeTakenPorts(taken));

  report("building and starting the containers; the first time takes some minutes");
  const environment = await new DockerComposeEnvironment(repoDir, "docker-compose.yml")
    .withBuild()
    .withEnvironment({ HEADGATE_PORT: String(unusedPort) })
    // It only holds the network; of the ports it publishes one has nobody behind it.
    .withWaitStrategy("pod-1", Wait.forSuccessfulCommand("true"))
    .withStartupTimeout(startupMs)
    .up(services);
  const stop = async () => {
    await rm(endpointsFile(dir), { force: true });
    await environment.down({ removeVolumes: true });
  };
  try {
    const secrets = await environment.getContainer("oidc-1").exec(["cat", "/lab/secrets/lab.json"]);
    if (secrets.exitCode !== 0) throw new Error(`The containers' secrets cannot be read: ${secrets.stderr}`);
    writePrivate(join(openSecrets(dir).folder, "lab.json"), secrets.stdout);
    return { endpoints: await writeEndpoints(openContainerLab(dir)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says what to do where the library only says that nothing worked. */
export async function requireContainerRuntime(find: () => Promise<unknown>): Promise<void> {
  try {
    await find();
  } catch (cause) {
    throw new Error(
      "No container runtime answers on this machine. Start Docker, or use the lab that needs none: npm run lab -- start",
      { cause },
    );
  }
}

if (import.meta.main) {
  const dir = resolve(process.env.HEADGATE_LAB_DIR ?? join(repoDir, ".headgate/containers"));
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const asked = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => done());
  });
  try {
    const { stop } = await startContainers(dir, say);
    say(`the engines are ready; run the tests with HEADGATE_LAB_DIR=${dir}. Ctrl-C removes the containers.`);
    await asked;
    say("removing the containers");
    await stop();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
