import { readFileSync } from "node:fs";
import { z } from "zod";

const Token = z.object({ auth: z.object({ client_token: z.string() }) });

export type TestVault = ReturnType<typeof openVault>;

/** The lab's Vault with its root token: seeds and rotates secrets as an administrator would, and removes them again. */
export function openVault({ address, rootTokenFile }: { address: string; rootTokenFile: string }) {
  const token = readFileSync(rootTokenFile, "utf8").trim();
  const written = new Set<string>();

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { "x-vault-token": token, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await reply.text();
    if (!reply.ok) throw new Error(`The test Vault refused ${method} ${path} with ${reply.status}`);
    return answer === "" ? undefined : JSON.parse(answer);
  }

  return {
    call,
    /** One more version of `secret/<path>`. */
    async write(path: string, data: Record<string, unknown>): Promise<void> {
      written.add(path);
      await call("POST", `secret/data/${path}`, { data });
    },
    token: async (policies: string[]) =>
      Token.parse(await call("POST", "auth/token/create", { policies, ttl: "10m" })).auth.client_token,
    async cleanUp(): Promise<void> {
      for (const path of written) await call("DELETE", `secret/metadata/${path}`);
    },
  };
}
