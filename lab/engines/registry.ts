import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, LabContext } from "./engine.ts";
import { javaCommand } from "./java.ts";
import { answers } from "./probe.ts";

export function registryEngine(ctx: LabContext): Engine {
  const folder = join(ctx.dir, "registry");
  const port = ctx.ports.registry;
  const home = ctx.folderOf("registry");

  return {
    name: "registry",
    after: [],
    ports: ["registry"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 10_000,

    async prepare() {
      await mkdir(folder, { recursive: true });
    },
    command: () => ({
      ...javaCommand({
        heap: "256m",
        classPath: `${join(home, "apicurio-registry-app-2.6.13.Final-runner.jar")}:${join(home, "lib", "*")}`,
        main: "io.quarkus.runner.GeneratedMain",
        systemProperties: {
          "quarkus.http.host": "127.0.0.1",
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
