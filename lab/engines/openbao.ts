import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setUpVault, unsealVault } from "../vault-set-up.ts";
import type { Engine, LabContext } from "./engine.ts";

type Placed = Pick<LabContext, "dir" | "ports" | "listenHost">;

export function openbaoEngine(ctx: LabContext): Engine {
  const folder = join(ctx.dir, "openbao");
  const configuration = join(folder, "server.hcl");
  const address = `http://127.0.0.1:${ctx.ports.vault}`;

  return {
    name: "openbao",
    after: [],
    ports: ["vault", "vault-cluster"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 10_000,

    prepare: () => prepareOpenbao(ctx),
    command: () => ({
      file: ctx.openbaoBinary,
      args: ["server", `-config=${configuration}`],
      env: { HOME: folder, VAULT_ADDR: address, BAO_ADDR: address },
    }),
    // Not initialised (501) and sealed (503) are answers too: unsealing is the set-up's work.
    async isReady() {
      const reply = await fetch(`${address}/v1/sys/health`, { signal: AbortSignal.timeout(2_000) });
      await reply.arrayBuffer();
      return [200, 429, 501, 503].includes(reply.status);
    },
    async setUp() {
      await unsealVault(address, ctx.secrets);
      await setUpVault(address, ctx.secrets);
    },
  };
}

/** OpenBao's folder and configuration. */
export async function prepareOpenbao(ctx: Placed): Promise<void> {
  const folder = join(ctx.dir, "openbao");
  await mkdir(join(folder, "data"), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "server.hcl"), serverConfiguration(ctx, folder));
}

function serverConfiguration({ ports, listenHost }: Placed, folder: string): string {
  return `ui = false
disable_mlock = true
api_addr = "http://127.0.0.1:${ports.vault}"
cluster_addr = "http://127.0.0.1:${ports["vault-cluster"]}"
storage "raft" {
  path = ${JSON.stringify(join(folder, "data"))}
  node_id = "lab"
}
listener "tcp" {
  address = "${listenHost}:${ports.vault}"
  cluster_address = "127.0.0.1:${ports["vault-cluster"]}"
  tls_disable = true
}
audit "file" "main" {
  options {
    file_path = ${JSON.stringify(join(folder, "audit.log"))}
  }
}
`;
}
