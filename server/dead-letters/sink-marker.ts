import { hash } from "node:crypto";
import type { Deps } from "#server/deps.ts";

/** What could make a difference at the sink, as one text; undefined where the sink cannot be asked. */
export async function sinkMarker(
  { connect }: Pick<Deps, "connect">,
  cluster: string,
  connector: string,
): Promise<string | undefined> {
  try {
    const [config, status] = await Promise.all([
      connect(cluster).config(connector),
      connect(cluster).status(connector),
    ]);
    const telling = Object.entries(config).filter(
      ([key]) => !key.startsWith("transforms.quarantine") && key !== "transforms",
    );
    return hash(
      "sha256",
      JSON.stringify([telling.sort(([a], [b]) => (a < b ? -1 : 1)), status.connector.version]),
      "hex",
    ).slice(0, 16);
  } catch {
    // A sink that cannot be asked may have changed: that blocks nothing.
    return undefined;
  }
}
