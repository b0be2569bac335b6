/** Keys that name a file on the worker, whatever the value looks like. */
const FILE_KEY =
  /(^|[._])(location|file|files|filename|filenames|sslcert|sslkey|sslrootcert|sslcrl|keytab|keystore|truststore|dictionary)$/i;
/** Keys that may name a folder, or something else such as a field path: the value decides. */
const FOLDER_KEY = /(^|[._])(path|paths|dir|directory|folder)$/i;
/** Stands for a value the worker puts in, such as a certificate's text; beside other text it could complete a path. */
const WHOLE_PLACEHOLDER = /^\$\{[^}]*\}$/;
const LOOKS_LIKE_PATH = /^(\.{0,2}[/\\]|[A-Za-z]:[/\\]|~)|\.\.[/\\]/;

/** Why a value that names a file on the worker is refused, if it is. */
export function fileProblem(key: string, value: string, folders: readonly string[]): string | undefined {
  const text = value.trim();
  if (text === "" || WHOLE_PLACEHOLDER.test(text)) return undefined;
  const namesFile =
    /^file:/i.test(text) || FILE_KEY.test(key) || (FOLDER_KEY.test(key) && LOOKS_LIKE_PATH.test(text));
  if (!namesFile || isInside(text, folders)) return undefined;
  if (folders.length === 0) return "This cluster lets connectors read no files of the workers";
  return `Connectors of this cluster may name files under ${folders.join(", ")} only`;
}

function isInside(path: string, folders: readonly string[]): boolean {
  const plain = path.replace(/^file:(\/\/)?/i, "");
  if (!plain.startsWith("/") || /(^|\/)\.{1,2}(\/|$)|\\|%|,|\$\{/.test(plain)) return false;
  return folders.some((folder) => plain.startsWith(folder.endsWith("/") ? folder : `${folder}/`));
}
