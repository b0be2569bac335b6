import { readLabFile } from "./stack.ts";

/** Fails loudly before the first test when the engines are not there; nothing is skipped. */
export default function checkEngines(): void {
  readLabFile("endpoints.json");
}
