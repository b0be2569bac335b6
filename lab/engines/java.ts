import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../run-command.ts";

/** Small heaps and the quick compiler: the lab shares two cores with what it serves. */
export function javaCommand({
  heap,
  program,
  systemProperties = {},
  args = [],
}: {
  heap: string;
  /** `-jar x.jar`, or `-cp … Main`. */
  program: readonly string[];
  systemProperties?: Record<string, string>;
  args?: readonly string[];
}): Command {
  return {
    file: "java",
    args: [
      `-Xmx${heap}`,
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-XX:+ExitOnOutOfMemoryError",
      "-Djava.awt.headless=true",
      ...Object.entries(systemProperties).map(([key, value]) => `-D${key}=${value}`),
      ...program,
      ...args,
    ],
  };
}

/** Kafka 4 logs nothing without a log4j2 configuration of its own. */
export async function writeLogging(folder: string): Promise<string> {
  const file = join(folder, "log4j2.properties");
  await writeFile(
    file,
    [
      "appender.console.type=Console",
      "appender.console.name=console",
      "appender.console.layout.type=PatternLayout",
      "appender.console.layout.pattern=%d{ISO8601} %-5p %c{1} - %m%n",
      "rootLogger.level=INFO",
      "rootLogger.appenderRef.console.ref=console",
      "",
    ].join("\n"),
  );
  return file;
}

export function renderProperties(properties: Record<string, string | number | boolean>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${String(value).replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`)
    .join("");
}
