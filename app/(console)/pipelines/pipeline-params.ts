import { z } from "zod";

const Encoded = z.string().transform((text, context) => {
  try {
    return decodeURIComponent(text);
  } catch {
    context.issues.push({ code: "custom", message: "Not a name", input: text });
    return z.NEVER;
  }
});

/** Names may hold anything Kafka Connect accepted, so they travel encoded. */
export const PipelineParams = z.object({ cluster: Encoded, source: Encoded });
