interface RequestFacts {
  method: string;
  origin: string | null;
  /** The browser's own word on where a request comes from; scripts cannot set it. */
  secFetchSite: string | null;
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Why a changing request must not be served, or undefined. Cookies travel with requests from anywhere, so a change counts
 * only when the browser says that it comes from this console.
 */
export function foreignOriginProblem(request: RequestFacts, consoleOrigin: string): string | undefined {
  if (READS.has(request.method)) return undefined;
  if (request.origin !== null) {
    if (request.origin === consoleOrigin) return undefined;
    return `This request comes from ${request.origin}, and Headgate is served at ${consoleOrigin}. Open the console there, or set HEADGATE_URL to the address you use`;
  }
  if (request.secFetchSite === "same-origin") return undefined;
  return "This request does not say that it comes from the console; changes are accepted from the console only";
}
