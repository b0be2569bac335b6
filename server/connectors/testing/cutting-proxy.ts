import { createServer, connect as dial, type Socket } from "node:net";

export interface CuttingProxy {
  url: string;
  /** How many requests reached the engine and lost their answer. */
  cuts(): number;
  close(): Promise<void>;
}

/** Hands every byte to the engine; for requests that match, the answer is lost with the connection. */
export async function cuttingProxy(
  target: string,
  isCut: (requestLine: string) => boolean,
): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const engine = dial(Number(port), hostname);
    let isDoomed = false;
    open.add(client).add(engine);
    client.on("data", (bytes) => {
      if (isCut(bytes.toString("latin1"))) isDoomed = true;
      engine.write(bytes);
    });
    engine.on("data", (bytes) => {
      if (!isDoomed) return void client.write(bytes);
      cuts += 1;
      client.destroy();
      engine.destroy();
    });
    for (const socket of [client, engine]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cuts: () => cuts,
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
