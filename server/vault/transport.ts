import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { z } from "zod";

/** What node-vault hands to its HTTP library, as far as we let it choose. */
const VaultRequest = z.object({
  method: z.string(),
  uri: z.url(),
  headers: z.record(z.string(), z.string()).default({}),
  json: z.unknown().optional(),
});

export interface VaultReply {
  statusCode: number;
  body: unknown;
  request: { path: string };
}

/** No reply at all: the cause tells a deadline from a refused connection. */
export class VaultUnanswered extends Error {}

/** Something other than JSON came back, a proxy's error page for example. */
export class VaultUnreadable extends Error {}

const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/**
 * Sends node-vault's requests ourselves: axios would follow redirects with the token, take proxies from the environment
 * and know no deadline for the whole call.
 */
export function createTransport({ caFile, timeoutMs }: { caFile: string | undefined; timeoutMs: number }) {
  let agent: https.Agent | undefined;
  const httpsAgent = () => {
    agent ??= new https.Agent({ keepAlive: true, ...(caFile ? { ca: readFileSync(caFile, "utf8") } : {}) });
    return agent;
  };

  return async function send(input: unknown): Promise<VaultReply> {
    const request = VaultRequest.parse(input);
    const url = new URL(request.uri);
    const text = await exchange(
      url,
      request,
      url.protocol === "https:" ? httpsAgent() : undefined,
      timeoutMs,
    );
    return { statusCode: text.status, body: parseBody(text.body), request: { path: url.pathname } };
  };
}

function exchange(
  url: URL,
  request: z.infer<typeof VaultRequest>,
  agent: https.Agent | undefined,
  timeoutMs: number,
): Promise<{ status: number; body: string }> {
  const payload = request.json === undefined ? undefined : JSON.stringify(request.json);
  const headers: Record<string, string> = { ...request.headers };
  if (payload !== undefined) {
    headers["content-type"] ??= "application/json";
    headers["content-length"] = String(Buffer.byteLength(payload));
  }
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { method: request.method, headers, signal };
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new VaultUnanswered("no answer", { cause: signal.aborted ? signal.reason : cause }));
    const sent = agent ? https.request(url, { ...options, agent }) : http.request(url, options);
    sent.on("error", fail);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_REPLY_BYTES) sent.destroy(new Error("the reply is too long"));
        chunks.push(chunk);
      });
      response.on("error", fail);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.end(payload);
  });
}

function parseBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The text may hold a secret: it is not kept, not even as a cause.
    throw new VaultUnreadable("the reply is not JSON");
  }
}
