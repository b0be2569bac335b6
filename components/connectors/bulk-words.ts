export type BulkAction = "pause" | "resume" | "restart-failed" | "restart-all" | "stop";

export interface BulkWords {
  verb: string;
  done: string;
  /** What will happen to each. */
  consequence: string;
}

export const ACTIONS: Record<BulkAction, BulkWords> = {
  pause: {
    verb: "Pause",
    done: "Asked to pause",
    consequence:
      "Their tasks stay and stop working. Sources keep their slot; what changes meanwhile waits in the source's log.",
  },
  resume: { verb: "Resume", done: "Asked to resume", consequence: "They go on from where they stopped." },
  "restart-failed": {
    verb: "Restart failed tasks",
    done: "Asked to restart the failed tasks of",
    consequence: "Only failed tasks start again, from their stored position.",
  },
  "restart-all": {
    verb: "Restart",
    done: "Asked to restart",
    consequence: "Each connector and every task of it starts again, from the stored position.",
  },
  stop: {
    verb: "Stop",
    done: "Asked to stop",
    consequence:
      "Their tasks end; configuration and position stay. A stopped source does not read its log, which grows until it is resumed.",
  },
};
