import { Download } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { useFileExport } from "./use-file-export.ts";

export interface FileFormatsProps {
  /** Where the file is asked for. */
  path: string;
  /** What is wanted of it, beside its format. */
  fields: Record<string, string>;
  /** "one record a line" */
  lineNote: string;
}

/** A button for each format of a file that the server writes; a refusal is said below them. */
export function FileFormats({ path, fields, lineNote }: FileFormatsProps) {
  const file = useFileExport(path);
  const formats = [
    { format: "csv", label: "CSV", note: "for spreadsheets; formulas are made harmless" },
    { format: "jsonl", label: "JSON Lines", note: lineNote },
  ];
  return (
    <div className="flex flex-col gap-2">
      {formats.map(({ format, label, note }) => (
        <div key={format} className="flex items-center gap-2">
          <Button
            className="w-28"
            pending={file.isPending && file.variables.format === format}
            disabled={file.isPending && file.variables.format !== format}
            onClick={() => file.mutate({ ...fields, format })}
          >
            <Download aria-hidden /> {label}
          </Button>
          <span className="text-meta text-muted-foreground">{note}</span>
        </div>
      ))}
      {file.error && (
        <StateMessage kind="failed" look="banner" title="Nothing was exported">
          {file.error.message}
        </StateMessage>
      )}
    </div>
  );
}
