import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Env } from "#server/env.ts";

/** Documents cite paths and settings; this fails when one no longer exists. */
const problems: string[] = [];

for (const file of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...markdownUnder("docs")]) {
  if (!existsSync(file)) {
    problems.push(`${file} is missing`);
    continue;
  }
  const text = readFileSync(file, "utf8");
  for (const [, path] of text.matchAll(
    /`((?:app|components|connect|db|docs|domain|e2e|lab|server|bench)\/[\w./[\]()-]+)`/g,
  )) {
    if (path && !existsSync(path.replace(/\/$/, "")))
      problems.push(`${file} cites ${path}, which does not exist`);
  }
  for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
    if (target && !existsSync(join(file, "..", target)))
      problems.push(`${file} links to ${target}, which does not exist`);
  }
}

const example = existsSync(".env.example") ? readFileSync(".env.example", "utf8") : "";
const exampleKeys = new Set(
  [...example.matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? ""),
);
const envKeys = new Set(Object.keys(Env.shape));
for (const key of envKeys) if (!exampleKeys.has(key)) problems.push(`.env.example lacks ${key}`);
for (const key of exampleKeys)
  if (!envKeys.has(key)) problems.push(`.env.example names ${key}, which server/env.ts does not read`);

if (problems.length > 0) {
  for (const problem of problems) console.error(`docs: ${problem}`);
  process.exit(1);
}
console.log("docs: paths, links and .env.example agree with the code");

function markdownUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}
