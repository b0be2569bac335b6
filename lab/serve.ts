import { readEndpoints } from "./endpoints.ts";
import { runHeadgateOnLab } from "./run-headgate.ts";

/** Serves this checkout on the lab in HEADGATE_LAB_DIR with a database of its own: what the journeys run against. */
const dir = process.env.HEADGATE_LAB_DIR ?? ".headgate/test";
const headgate = await runHeadgateOnLab(readEndpoints(dir), {
  freshDatabase: "headgate_journeys",
  say: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`Serving ${headgate.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void headgate.stop().then(() => process.exit(0));
  });
}
const { process: name, code } = await headgate.ended;
process.stderr.write(`The ${name} process ended with code ${code}; see ${dir}/logs/${name}.log\n`);
await headgate.stop();
process.exit(1);
