import { useMutation } from "@tanstack/react-query";
import { saveBlob } from "./export-rows.ts";

/**
 * Asks for a file and saves it. Not a plain form, because a refusal would take the page's place; the browser keeps what
 * arrives as a blob, which it moves to the disk when it is large.
 */
export function useFileExport(path: string) {
  return useMutation({
    mutationFn: async (fields: Record<string, string>) => {
      const response = await fetch(path, { method: "POST", body: new URLSearchParams(fields) }).catch(
        brokenOff,
      );
      if (!response.ok) throw new Error(await refusalOf(response));
      const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
      saveBlob(name ?? "headgate-export", await response.blob().catch(brokenOff));
    },
  });
}

async function refusalOf(response: Response): Promise<string> {
  const isText = response.headers.get("content-type")?.startsWith("text/plain");
  return (isText ? await response.text() : "") || `Headgate answered ${response.status}`;
}

function brokenOff(cause: unknown): never {
  throw new Error("Headgate did not answer to the end; nothing was saved", { cause });
}
