import { z } from "zod";

/** A whole number of a form; an emptied field comes as NaN, and from a stored draft as null. */
export function wholeNumber(min: number, max: number) {
  const error = `A whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}
