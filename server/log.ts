import pino, { type Logger } from "pino";
import { loggableError } from "./loggable-error.ts";

export type Log = Logger;

/** Paths that could carry a secret are cut before a line is written, whoever logs them. */
export function createLog(level: string, process_: "web" | "worker" | "test"): Log {
  return pino({
    level,
    base: { process: process_ },
    serializers: { err: loggableError },
    redact: {
      paths: [
        "*.password",
        "*.secret",
        "*.token",
        "*.authorization",
        "headers.cookie",
        "headers.authorization",
        "*.connectionString",
      ],
      censor: "[redacted]",
    },
  });
}
