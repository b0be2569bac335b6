"use client";

import { Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { cn } from "#components/ui/cn.ts";
import { type FilterGrammar, formatFilter, formatToken, parseFilter } from "#domain/filters/grammar.ts";
import { type FilterSuggestion, suggestFilters } from "#domain/filters/suggest.ts";

export interface FilterBarProps {
  /** As it stands in the URL. */
  filter: string;
  onFilterChange: (filter: string) => void;
  grammar: FilterGrammar;
  /** "Filter connectors" */
  label: string;
}

const TYPING_PAUSE_MS = 250;

/** Typed tokens as chips, free text beside them, suggestions from the list's grammar. */
export function FilterBar({ filter, onFilterChange, grammar, label }: FilterBarProps) {
  const parsed = parseFilter(filter, grammar);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(parsed.text);
  const [written, setWritten] = useState(filter);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const listId = useId();
  useShortcut("/", { description: "Filter the list", group: "List", run: () => input.current?.focus() });

  // The URL changed elsewhere (back, a link): what was typed here is over.
  if (filter !== written) {
    setWritten(filter);
    setDraft(parsed.text);
  }

  const apply = (next: string) => {
    if (next === filter) return;
    setWritten(next);
    onFilterChange(next);
  };
  const withTokens = (text: string, tokens = parsed.tokens) => formatFilter({ tokens, text: text.trim() });
  /** Whole tokens leave the text and become chips; the rest stays as typed. */
  const commit = (text: string) => {
    const typed = parseFilter(text, grammar);
    setDraft([typed.text, ...typed.dropped.map((part) => part.text)].filter((part) => part !== "").join(" "));
    apply(
      [withTokens(typed.text, [...parsed.tokens, ...typed.tokens]), ...typed.dropped.map((part) => part.text)]
        .filter((part) => part !== "")
        .join(" "),
    );
  };

  useEffect(() => {
    if (draft === parsed.text || draft.includes(":") || draft.trim() === parsed.text) return;
    const timer = setTimeout(() => apply(withTokens(draft)), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  });

  const suggestions = open ? suggestFilters(draft, caret, grammar).slice(0, 10) : [];
  const shown = suggestions.length > 0;

  const take = (suggestion: FilterSuggestion) => {
    setActive(-1);
    if (suggestion.text.endsWith(":")) {
      setDraft(suggestion.input);
      setCaret(suggestion.caret);
      requestAnimationFrame(() => input.current?.setSelectionRange(suggestion.caret, suggestion.caret));
      return;
    }
    commit(suggestion.input);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) return setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((active + step + suggestions.length + (active < 0 && step < 0 ? 1 : 0)) % suggestions.length);
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const chosen = suggestions[active];
      if (chosen) take(chosen);
      else {
        commit(draft);
        setOpen(false);
      }
      return;
    }
    if (event.key === "Escape") {
      if (shown) {
        event.stopPropagation();
        setOpen(false);
      } else input.current?.blur();
      return;
    }
    const last = parsed.tokens.at(-1);
    if (event.key === "Backspace" && last && event.currentTarget.selectionEnd === 0) {
      event.preventDefault();
      const text = [formatToken(last), draft].filter((part) => part !== "").join(" ");
      setDraft(text);
      setCaret(formatToken(last).length);
      apply(withTokens(draft, parsed.tokens.slice(0, -1)));
      setWritten(withTokens(draft, parsed.tokens.slice(0, -1)));
    }
  };

  return (
    <div className="relative min-w-0 flex-1 basis-72">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: clicking the frame only moves the focus to the input inside */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input inside is reached by keyboard directly */}
      <div
        className="flex min-h-(--control-height) flex-wrap items-center gap-1 rounded-md border border-input bg-card py-0.5 pr-1 pl-2 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1"
        onClick={(event) => {
          if (event.target === event.currentTarget) input.current?.focus();
        }}
      >
        <Search className="size-3.5 shrink-0 text-muted-foreground" aria-hidden />
        {parsed.tokens.map((token, index) => (
          <span
            key={formatToken(token)}
            className="inline-flex h-5 max-w-full items-center rounded-sm bg-selected pl-1.5 text-meta"
          >
            <span className="truncate">
              <span className="text-muted-foreground">
                {token.negated ? "not " : ""}
                {token.key}
                {token.comparison === "=" ? ":" : ` ${token.comparison} `}
              </span>
              {token.value}
            </span>
            <button
              type="button"
              aria-label={`Remove the filter ${formatToken(token)}`}
              className="grid size-5 shrink-0 place-items-center rounded-sm text-muted-foreground hover:text-foreground"
              onClick={() => {
                apply(
                  withTokens(
                    draft.includes(":") ? parsed.text : draft,
                    parsed.tokens.filter((_, at) => at !== index),
                  ),
                );
                input.current?.focus();
              }}
            >
              <X className="size-3" aria-hidden />
            </button>
          </span>
        ))}
        <input
          ref={input}
          role="combobox"
          aria-label={label}
          aria-expanded={shown}
          aria-controls={listId}
          aria-autocomplete="list"
          {...(shown && active >= 0 ? { "aria-activedescendant": `${listId}-${active}` } : {})}
          autoComplete="off"
          spellCheck={false}
          placeholder={parsed.tokens.length === 0 ? placeholder(grammar) : undefined}
          className="h-5 min-w-24 flex-1 bg-transparent text-table outline-none placeholder:text-muted-foreground max-sm:text-base"
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setOpen(true);
            setActive(-1);
            if (/:\S+\s$/.test(event.target.value)) commit(event.target.value);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
        />
        {filter !== "" && (
          <button
            type="button"
            aria-label="Clear the filter"
            className="grid size-5 shrink-0 place-items-center rounded-sm text-muted-foreground hover:bg-accent hover:text-foreground"
            onClick={() => {
              setDraft("");
              apply("");
              input.current?.focus();
            }}
          >
            <X className="size-3.5" aria-hidden />
          </button>
        )}
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Suggestions"
        hidden={!shown}
        className="absolute top-full left-0 z-20 mt-1 w-80 max-w-full rounded-md border bg-popover p-1 shadow-overlay"
      >
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and points here with aria-activedescendant
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input
          <div
            key={suggestion.text}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            className={cn(
              "flex min-h-7 cursor-default items-center justify-between gap-3 rounded-sm px-2 text-table pointer-coarse:min-h-10",
              index === active && "bg-accent",
            )}
            onPointerMove={() => setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(suggestion)}
          >
            <span className="truncate">{suggestion.text}</span>
            <span className="truncate text-meta text-muted-foreground">{suggestion.label}</span>
          </div>
        ))}
      </div>
      {parsed.dropped.length > 0 && (
        <div role="status" className="mt-1 flex flex-col gap-0.5 text-degraded text-meta">
          {parsed.dropped.map((part) => (
            <p key={part.text}>
              Left out <code className="font-mono">{part.text}</code>: {part.reason}.{" "}
              <button
                type="button"
                aria-label={`Remove ${part.text}`}
                className="underline underline-offset-2"
                onClick={() => {
                  const others = parsed.dropped.filter((other) => other !== part).map(({ text }) => text);
                  setDraft([parsed.text, ...others].filter((text) => text !== "").join(" "));
                  apply([withTokens(parsed.text), ...others].filter((text) => text !== "").join(" "));
                }}
              >
                Remove
              </button>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function placeholder(grammar: FilterGrammar): string {
  const keys = grammar.fields
    .slice(0, 3)
    .map((field) => `${field.key}:`)
    .join(" ");
  return grammar.freeText ? `Filter by ${grammar.freeText} or ${keys}` : `Filter by ${keys}`;
}
