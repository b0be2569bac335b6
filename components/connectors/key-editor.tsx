"use client";

import { useRef, useState } from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { ConfigRow, RowFilter } from "#domain/connectors/config-rows.ts";
import type { Finding } from "#domain/connectors/finding.ts";
import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import { EffectBadge } from "./effect-badge.tsx";
import { keyFieldId } from "./key-field-id.ts";
import { KeyFilterBar } from "./key-filter-bar.tsx";
import { useConfigRows } from "./use-config-rows.ts";
import { ValueInput } from "./value-input.tsx";

export interface KeyEditorProps {
  config: Record<string, string>;
  /** Class of the plugin: it decides what a change costs. */
  plugin: string;
  keys: readonly PluginKey[];
  configProvider: string;
  findings: readonly Finding[];
  initialFilter: RowFilter;
  /** `undefined` takes the key out. */
  onChange: (key: string, value: string | undefined) => void;
}

/** Every key of the plugin, found by words, and every other key the configuration holds. */
export function KeyEditor({
  config,
  plugin,
  keys,
  configProvider,
  findings,
  initialFilter,
  onChange,
}: KeyEditorProps) {
  const search = useRef<HTMLInputElement>(null);
  const { rows, ...narrowing } = useConfigRows(config, keys, { initial: initialFilter, plugin });
  useShortcut("/", { description: "Find a key", group: "Configuration", run: () => search.current?.focus() });
  return (
    <div className="flex flex-col gap-3">
      <KeyFilterBar
        words={narrowing.words}
        onWordsChange={narrowing.setWords}
        filter={narrowing.filter}
        onFilterChange={narrowing.setFilter}
        found={rows.length}
        searchRef={search}
      />
      {rows.length === 0 && (
        <StateMessage kind="filtered" title="No key matches" className="py-6">
          Names, labels, synonyms and documentation were searched. A key the plugin does not list can be added
          below.
        </StateMessage>
      )}
      <div className="flex flex-col gap-4">
        {rows.map((row) => (
          <KeyField
            key={row.name}
            row={row}
            configProvider={configProvider}
            findings={findings}
            onChange={onChange}
          />
        ))}
      </div>
      <AddKey onAdd={(key) => onChange(key, "")} taken={(key) => key in config} />
    </div>
  );
}

interface KeyFieldProps extends Pick<KeyEditorProps, "configProvider" | "findings" | "onChange"> {
  row: ConfigRow;
}

function KeyField({ row, configProvider, findings, onChange }: KeyFieldProps) {
  const own = findings.filter((finding) => finding.path === row.name);
  const error = own.find((finding) => finding.severity === "error")?.message;
  const warning = own.find((finding) => finding.severity === "warning")?.message;
  return (
    <Field
      id={keyFieldId(row.name)}
      label={<code className="break-all">{row.name}</code>}
      optional={!row.isRequired && row.value === undefined}
      aside={<EffectBadge effect={row.effect} />}
      error={error}
      warning={warning}
      help={<KeyHelp row={row} />}
    >
      {(control) => (
        <ValueInput
          control={control}
          row={row}
          configProvider={configProvider}
          onChange={(value) => onChange(row.name, value)}
        />
      )}
    </Field>
  );
}

function KeyHelp({ row }: { row: ConfigRow }) {
  return (
    <>
      {row.value === undefined && row.default !== null && (
        <p>
          Default: <code className="break-all">{row.default || "empty"}</code>
        </p>
      )}
      {row.documentation && (
        <details>
          <summary className="cursor-pointer">{row.label === row.name ? "What it does" : row.label}</summary>
          <p className="whitespace-pre-line break-words py-1">{row.documentation}</p>
        </details>
      )}
    </>
  );
}

function AddKey({ onAdd, taken }: { onAdd: (key: string) => void; taken: (key: string) => boolean }) {
  const [key, setKey] = useState("");
  const name = key.trim();
  const add = () => {
    if (name === "" || taken(name)) return;
    onAdd(name);
    setKey("");
  };
  return (
    <Field
      label="Add a key the plugin does not list"
      optional
      error={taken(name) ? "The configuration holds this key already" : undefined}
      help="For example transforms.unwrap.type, or a setting handed to the driver."
    >
      {(control) => (
        <div className="flex gap-1.5">
          <Input
            {...control}
            className="font-mono"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              add();
            }}
          />
          <Button onClick={add}>Add</Button>
        </div>
      )}
    </Field>
  );
}
