/** Changing what became of records without sending them. */
export type Settling = "resolve" | "ignore" | "reopen";

export const SETTLING: Record<
  Settling,
  { verb: string; pending: string; done: string; title: string; meaning: string; example: string }
> = {
  resolve: {
    verb: "Resolve",
    pending: "Resolving…",
    done: "Resolved",
    title: "Mark as resolved:",
    meaning: "The rows were repaired by other means. Nothing is sent; the records can be reopened.",
    example: "For example: rows read again from the source by run 12.",
  },
  ignore: {
    verb: "Ignore",
    pending: "Ignoring…",
    done: "Ignored",
    title: "Ignore",
    meaning:
      "The rows stay as they are at the target. Nothing is sent or deleted; the records can be reopened.",
    example: "For example: test data of a load test.",
  },
  reopen: {
    verb: "Reopen",
    pending: "Reopening…",
    done: "Reopened",
    title: "Reopen",
    meaning: "They wait for a repair again.",
    example: "For example: the repair did not reach these rows.",
  },
};
