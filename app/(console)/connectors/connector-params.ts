import { z } from "zod";
import { EncodedName } from "../encoded-name.ts";

export const ConnectorParams = z.object({ cluster: EncodedName, name: EncodedName });
