"use client";

import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { parseImport } from "#domain/connectors/parse-import.ts";
import type { StepProps } from "./guide.tsx";

export function ImportStep({ state, change, problems }: StepProps) {
  const [text, setText] = useState(() =>
    Object.keys(state.imported).length > 0 ? JSON.stringify(state.imported, null, 2) : "",
  );
  const [problem, setProblem] = useState<string>();
  const read = (next: string) => {
    const parsed = next.trim() === "" ? undefined : parseImport(next);
    // A secret does not stay in the field: there is no place for it here.
    setText(parsed && !parsed.ok && parsed.holdsSecret ? "" : next);
    setProblem(parsed && !parsed.ok ? parsed.problem : undefined);
    change({ ...state, imported: parsed?.ok ? parsed.config : {} });
  };
  return (
    <Field
      label="Configuration as JSON"
      id="answer-import"
      error={problem ?? problems.import}
      help="As Kafka Connect takes it: the flat configuration, or an object with name and config. Secrets must be references already."
    >
      {(control) => (
        <Textarea
          {...control}
          rows={20}
          className="font-mono"
          value={text}
          onChange={(event) => read(event.target.value)}
        />
      )}
    </Field>
  );
}
