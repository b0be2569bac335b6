"use client";

import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { parseImport } from "#domain/connectors/parse-import.ts";

/** What stands in the field; only as long as the configuration is still the one it was typed over. */
export interface JsonText {
  /** Missing where it held a secret: the configuration stands there again. */
  text: string | undefined;
  problem: string | undefined;
  of: Record<string, string>;
}

export interface JsonEditorProps {
  config: Record<string, string>;
  typed: JsonText | undefined;
  onTypedChange: (typed: JsonText) => void;
  onChange: (config: Record<string, string>) => void;
}

/** The configuration as text. What cannot be read stays in the field and changes nothing; what holds a secret is taken out. */
export function JsonEditor({ config, typed, onTypedChange, onChange }: JsonEditorProps) {
  const change = (next: string) => {
    const parsed = parseImport(next);
    if (parsed.ok) {
      onTypedChange({ text: next, problem: undefined, of: parsed.config });
      onChange(parsed.config);
      return;
    }
    const text = parsed.holdsSecret ? undefined : next;
    onTypedChange({ text, problem: parsed.problem, of: config });
  };
  return (
    <Field
      label="Configuration as JSON"
      help="Keys the form does not know are kept as they stand."
      error={typed?.problem}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={28}
          className="font-mono"
          value={typed?.text ?? JSON.stringify(config, null, 2)}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
