"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ControlProps } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { isWholeReference } from "#domain/connectors/config-reference.ts";
import type { ConfigRow } from "#domain/connectors/config-rows.ts";
import { plaintextIn } from "#domain/credentials/plaintext.ts";

export interface ValueInputProps {
  control: ControlProps;
  row: ConfigRow;
  configProvider: string;
  onChange: (value: string | undefined) => void;
}

const NOT_A_SECRET = "Put the secret in Vault yourself, then write its reference here";

/** A value as its type wants it. A secret cannot be typed or pasted: only a reference to it leaves the field. */
export function ValueInput({ control, row, configProvider, onChange }: ValueInputProps) {
  const [typed, setTyped] = useState<string>();
  const [refused, setRefused] = useState<string>();
  const shown = typed ?? row.value ?? "";
  const change = (value: string) => {
    const isAllowed = row.isSecret
      ? value === "" || isWholeReference(value, configProvider)
      : plaintextIn(value) === undefined;
    setTyped(isAllowed ? undefined : value);
    setRefused(
      isAllowed
        ? undefined
        : row.isSecret
          ? `${NOT_A_SECRET}: \${${configProvider}:mount/path:key}`
          : NOT_A_SECRET,
    );
    if (isAllowed) onChange(value);
  };
  const refusePaste = () => {
    setTyped(undefined);
    setRefused(`What you pasted was taken out again. ${NOT_A_SECRET}: \${${configProvider}:mount/path:key}`);
  };
  return (
    <>
      <div className="flex gap-1.5">
        {row.type === "BOOLEAN" ? (
          <Select
            {...control}
            value={row.value ?? ""}
            onChange={(event) => onChange(event.target.value || undefined)}
          >
            <option value="">default ({row.default ?? "not set"})</option>
            <option value="true">true</option>
            <option value="false">false</option>
          </Select>
        ) : (
          <Input
            {...control}
            className="font-mono"
            value={shown}
            aria-invalid={refused ? true : control["aria-invalid"]}
            inputMode={/^(INT|SHORT|LONG)$/.test(row.type) ? "numeric" : undefined}
            onChange={(event) => change(event.target.value)}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData("text");
              const isSecret = row.isSecret
                ? !isWholeReference(pasted, configProvider)
                : plaintextIn(pasted) !== undefined;
              if (!isSecret) return;
              event.preventDefault();
              refusePaste();
            }}
          />
        )}
        {row.value !== undefined && (
          <Button
            size="sm"
            variant="ghost"
            className="h-(--control-height)"
            aria-label={`Reset ${row.name} to its default`}
            onClick={() => {
              setTyped(undefined);
              setRefused(undefined);
              onChange(undefined);
            }}
          >
            Reset
          </Button>
        )}
      </div>
      {refused && (
        <p role="alert" className="text-failed text-meta">
          {refused}
        </p>
      )}
    </>
  );
}
