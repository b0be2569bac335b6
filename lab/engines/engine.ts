import type { DownloadName } from "../downloads.ts";
import type { LabSecrets } from "../lab-secrets.ts";
import type { PortName, Ports } from "../ports.ts";
import type { Command } from "../run-command.ts";
import type { MariadbBinaries } from "./mariadb.ts";

/** What every engine may know of the lab it runs in. */
export type LabContext = {
  /** Absolute folder of this lab: data, logs, secrets. */
  dir: string;
  repoDir: string;
  ports: Ports;
  /** Address the engines bind to; clients always dial 127.0.0.1. */
  listenHost: string;
  /** Rows the living source starts with, all tables together. */
  rows: number;
  /** Address of the Headgate that signs in against this lab. */
  headgateUrl: string;
  secrets: LabSecrets;
  /** Folder of a Maven download. */
  folderOf: (download: DownloadName) => string;
  openbaoBinary: string;
  /** Jar of Headgate's own Connect plugin. */
  connectPlugin: string;
  /** Missing where MariaDB is not installed. */
  mariadb?: MariadbBinaries | undefined;
  logFile: (engine: string) => string;
};

/** One long-running program of the lab. Every step is idempotent: it runs again at each start. */
export type Engine = {
  name: string;
  /** Engines that must be ready first. */
  after: readonly string[];
  ports: readonly PortName[];
  /** Files and folders the program needs before it starts. */
  prepare?: () => Promise<void>;
  command: () => Command;
  /** One attempt to see whether the program answers; throwing counts as no. */
  isReady: () => Promise<boolean>;
  /** What its clients find there: roles, data, policies. */
  setUp?: () => Promise<void>;
  stopSignal: NodeJS.Signals;
  /** How long a clean stop may take before the program is killed. */
  stopPatienceMs: number;
};
