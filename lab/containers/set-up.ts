import { chownSync } from "node:fs";
import { openContainerLab, prepareEngines, setUpEngines } from "./container-lab.ts";

/** Everything in the shared volume belongs to this user, as whom all services run. */
const OWNER = 1000;

const [step, dir] = process.argv.slice(2);
if (!dir || (step !== "prepare" && step !== "set-up")) {
  process.stderr.write("usage: set-up.ts prepare|set-up FOLDER\n");
  process.exit(2);
}
// A new volume belongs to root; from here on nothing needs root any more.
if (process.getuid?.() === 0) {
  chownSync(dir, OWNER, OWNER);
  process.setgroups?.([OWNER]);
  process.setgid?.(OWNER);
  process.setuid?.(OWNER);
}
const lab = openContainerLab(dir);
if (step === "prepare") await prepareEngines(lab);
else await setUpEngines(lab);
