import { z } from "zod";
import { EncodedName } from "../encoded-name.ts";

export const PipelineParams = z.object({ cluster: EncodedName, source: EncodedName });
