/**
 * How a worker's process is started, to stay small on a machine with much memory: V8 lets short-lived objects pile up
 * (330 MB instead of 160 MB when idle), and glibc keeps what each thread has freed to itself (40 MB while indexing).
 */
export const WORKER_PROCESS = {
  args: ["--max-semi-space-size=2"],
  env: { MALLOC_ARENA_MAX: "2" },
} as const;
