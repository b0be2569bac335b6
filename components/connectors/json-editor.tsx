"use client";

import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { parseImport } from "#domain/connectors/parse-import.ts";

export interface JsonEditorProps {
  config: Record<string, string>;
  onChange: (config: Record<string, string>) => void;
}

/** The configuration as text. What cannot be read stays in the field and changes nothing; what holds a secret is taken out. */
export function JsonEditor({ config, onChange }: JsonEditorProps) {
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const shown = text ?? JSON.stringify(config, null, 2);
  const change = (next: string) => {
    const parsed = parseImport(next);
    if (parsed.ok) {
      setText(next);
      setProblem(undefined);
      onChange(parsed.config);
      return;
    }
    setText(parsed.holdsSecret ? undefined : next);
    setProblem(parsed.problem);
  };
  return (
    <Field
      label="Configuration as JSON"
      help="Keys the form does not know are kept as they stand."
      error={problem}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={28}
          className="font-mono"
          value={shown}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
