import { createServer } from "node:net";

/** Fails before anything is started, naming the port and the setting that moves it. */
export async function requireFreePort(port: number, host: string, setting: string): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
  if (!free)
    throw new Error(`Port ${port} on ${host} is already taken. Free it, or choose another with ${setting}.`);
}
