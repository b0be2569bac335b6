import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createConnectClient } from "./client.ts";

const REBALANCING = {
  error_code: 500,
  message: "Request cannot be completed because a rebalance is expected",
};

/** A worker that rebalances for the first so many requests. */
async function startWorker(refusals: number) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(asked > refusals ? 200 : 500, { "content-type": "application/json" });
    response.end(JSON.stringify(asked > refusals ? { name: "shop-source" } : REBALANCING));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = createConnectClient({
    cluster: "lab",
    baseUrl: `http://127.0.0.1:${port}`,
    timeoutMs: 5_000,
  });
  return { client, asked: () => asked };
}

test("a configuration is read once the rebalance is over", async () => {
  const { client, asked } = await startWorker(2);
  expect(await client.config("shop-source")).toEqual({ name: "shop-source" });
  expect(asked()).toBe(3);
});

test("what changes something is asked for once: its caller says whether it may be made twice", async () => {
  const { client, asked } = await startWorker(1);
  await expect(client.pause("shop-source")).rejects.toMatchObject({ code: "conflict", retryable: true });
  expect(asked()).toBe(1);
});
