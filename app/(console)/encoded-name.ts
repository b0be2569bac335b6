import { z } from "zod";

/** A part of an address that is somebody's name. Names may hold anything Kafka Connect accepted, so they travel encoded. */
export const EncodedName = z.string().transform((text, context) => {
  try {
    return decodeURIComponent(text);
  } catch {
    context.issues.push({ code: "custom", message: "Not a name", input: text });
    return z.NEVER;
  }
});
