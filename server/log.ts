import pino, { type Logger } from "pino";

export type Log = Logger;

/** Paths that could carry a secret are cut before a line is written, whoever logs them. */
export function createLog(level: string, process_: "web" | "worker" | "test"): Log {
  return pino({
    level,
    base: { process: process_ },
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
