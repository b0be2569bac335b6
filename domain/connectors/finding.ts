import { z } from "zod";
import { AppError, type FieldProblem } from "../errors/app-error.ts";

/** One thing to know about a configuration, at the key it concerns; an empty `path` is about the whole. */
export const Finding = z.object({
  path: z.string(),
  severity: z.enum(["error", "warning"]),
  /** Who says so: the policy gate, Headgate's rules, or the plugin through Connect's own validation. */
  source: z.enum(["policy", "rule", "connect"]),
  message: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export function errorsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.severity === "error");
}

export function problemsOf(findings: readonly Finding[]): FieldProblem[] {
  return findings.map(({ path, message }) => ({ path, message }));
}

/** Throws all errors at once, each at its field; warnings pass. */
export function requireNoErrors(findings: readonly Finding[], what: string): void {
  const errors = errorsOf(findings);
  if (errors.length === 0) return;
  const [first] = errors;
  const detail = errors.length === 1 && first ? `: ${first.message}` : "";
  throw new AppError("invalid", `${what} has ${count(errors.length)}${detail}`, {
    problems: problemsOf(errors),
  });
}

function count(errors: number): string {
  return errors === 1 ? "1 problem" : `${errors} problems`;
}
