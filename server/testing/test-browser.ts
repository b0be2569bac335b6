type Serve = (request: Request) => Promise<Response>;

/**
 * As much of a browser as sign-in needs: cookies per origin and redirects. Requests to the console go to `serve`, all
 * others over the network.
 */
export function openTestBrowser(consoleUrl: string, serve: Serve) {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };

  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = jarOf(origin);
    const headers = new Headers(init.headers);
    headers.set("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    headers.set("x-forwarded-for", "192.0.2.7");
    if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const request = new Request(url, { ...init, headers, redirect: "manual" });
    const response = origin === consoleUrl ? await serve(request) : await fetch(request);
    for (const cookie of response.headers.getSetCookie()) keep(jar, cookie);
    return response;
  }

  function keep(jar: Map<string, string>, cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";").map((part) => part.trim());
    const cut = pair.indexOf("=");
    const isGone = attributes.some(
      (attribute) =>
        /^max-age=0$/i.test(attribute) ||
        (/^expires=/i.test(attribute) && Date.parse(attribute.slice(8)) < Date.now()),
    );
    if (isGone) jar.delete(pair.slice(0, cut));
    else jar.set(pair.slice(0, cut), pair.slice(cut + 1));
  }

  return {
    send,
    /** Follows redirects as far as `until` or to their end. */
    async follow(url: string, until: (url: string) => boolean = () => false) {
      let at = url;
      for (let hops = 0; hops < 15; hops += 1) {
        if (until(at)) return { url: at, response: undefined };
        const response = await send(at);
        const location = response.headers.get("location");
        if (!location) return { url: at, response };
        at = new URL(location, at).href;
      }
      throw new Error(`too many redirects, last to ${at}`);
    },
    post: (url: string, form: Record<string, string>) =>
      send(url, { method: "POST", body: new URLSearchParams(form) }),
    cookie: (name: string) => jarOf(consoleUrl).get(name),
    setCookie: (name: string, value: string) => jarOf(consoleUrl).set(name, value),
    headers: () =>
      new Headers({ cookie: [...jarOf(consoleUrl)].map(([name, value]) => `${name}=${value}`).join("; ") }),
  };
}
export type TestBrowser = ReturnType<typeof openTestBrowser>;
