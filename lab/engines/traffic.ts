import { join } from "node:path";
import { rolesOf } from "../databases.ts";
import { writePrivate } from "../lab-secrets.ts";
import type { Engine, LabContext } from "./engine.ts";
import { roleUrl } from "./postgres.ts";

/** The writer that keeps the shop alive, as a program of its own so that its load is not the supervisor's. */
export function trafficEngine(ctx: LabContext, rowsPerSecond: () => number): Engine {
  const urlFile = join(ctx.secrets.folder, "shop-traffic-url");
  const loginFile = join(ctx.secrets.folder, "billing-traffic-login");
  const { application } = rolesOf("shop");
  const billing = rolesOf("billing").application;

  return {
    name: "traffic",
    after: ["postgres-source", "mariadb"],
    ports: [],
    stopSignal: "SIGTERM",
    stopPatienceMs: 5_000,

    async prepare() {
      writePrivate(
        urlFile,
        roleUrl(ctx.ports["postgres-source"], "shop", application, ctx.secrets.get(`role:${application}`)),
      );
      writePrivate(
        loginFile,
        JSON.stringify({
          host: "127.0.0.1",
          port: ctx.ports.mariadb,
          user: billing,
          password: ctx.secrets.get(`role:${billing}`),
        }),
      );
    },
    command: () => ({
      file: process.execPath,
      args: [
        join(ctx.repoDir, "lab/traffic.ts"),
        urlFile,
        String(rowsPerSecond()),
        ...(ctx.mariadb ? [loginFile] : []),
      ],
      env: { NODE_NO_WARNINGS: "1" },
    }),
    // It answers nobody; that it runs is all there is to see.
    isReady: async () => true,
  };
}
