import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, LabContext } from "./engine.ts";
import { javaCommand } from "./java.ts";
import { answers } from "./probe.ts";

export function registryEngine(ctx: LabContext): Engine {
  const folder = join(ctx.dir, "registry");
  const port = ctx.ports.registry;
  const home = ctx.folderOf("registry");
  let runner = "";

  return {
    name: "registry",
    after: [],
    ports: ["registry"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 10_000,

    async prepare() {
      await mkdir(folder, { recursive: true });
      const jar = (await readdir(home)).find((file) => file.endsWith("-runner.jar"));
      if (!jar) throw new Error(`No runner jar of the registry in ${home}`);
      runner = join(home, jar);
    },
    command: () => ({
      ...javaCommand({
        heap: "256m",
        program: ["-jar", runner],
        systemProperties: {
          "quarkus.http.host": ctx.listenHost,
          "quarkus.http.port": String(port),
          "quarkus.log.console.json": "false",
          "quarkus.datasource.jdbc.initial-size": "1",
          "quarkus.datasource.jdbc.min-size": "1",
          "quarkus.datasource.jdbc.max-size": "8",
        },
      }),
      env: {
        // Its default lives in memory: after a restart the ids in Kafka's records would point nowhere.
        REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(folder, "schemas")};WRITE_DELAY=0`,
      },
      cwd: folder,
    }),
    isReady: () => answers(`http://127.0.0.1:${port}/apis/ccompat/v7/subjects`),
  };
}
