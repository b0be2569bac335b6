import pino from "pino";

/** Own properties of drivers' and adapters' errors that quote rows or replies. */
const QUOTES = ["params", "detail", "where", "internalQuery", "body"];

/** An error as the log may keep it: statements without their parameters, refusals without what they quote. */
export function loggableError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, raw: _, ...rest } = pino.stdSerializers.err(error);
  const kept = Object.entries(rest).filter(([key]) => !QUOTES.includes(key));
  return {
    ...Object.fromEntries(kept),
    message: withoutParameters(message, error),
    stack: withoutParameters(stack, error),
  };
}

/** Drizzle writes the parameters into its message, and with it into the stack. */
function withoutParameters(text: string, error: Error): string {
  let safe = text;
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    if ("params" in current) safe = safe.replaceAll(`\nparams: ${current.params}`, "");
  return safe;
}
