import { type DemoAccount, demoPassword } from "./accounts.ts";

/** Everything the browser shows is made here: no scripts, no outside files. */
export function loginPage({
  action,
  accounts,
  problem,
  chosen,
}: {
  action: string;
  accounts: readonly DemoAccount[];
  problem?: string | undefined;
  chosen?: string | undefined;
}): string {
  const options = accounts.map(
    ({ username, name, groups }, index) => `
      <label class="account">
        <input type="radio" name="account" value="${escapeHtml(username)}" required${username === chosen || (!chosen && index === 0) ? " checked" : ""}>
        <span><strong>${escapeHtml(name)}</strong><small>${escapeHtml(username)} · ${escapeHtml(groups.join(", ") || "no groups")}</small></span>
      </label>`,
  );
  return page(
    "Sign in",
    `<h1>Sign in to the lab</h1>
    <p>Demo accounts, one for each role. The password of all of them is <code>${escapeHtml(demoPassword)}</code>.</p>
    ${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : ""}
    <form method="post" action="${escapeHtml(action)}">
      <fieldset><legend>Account</legend>${options.join("")}</fieldset>
      <label class="password">Password <input type="password" name="password" autocomplete="current-password" required></label>
      <button type="submit">Sign in</button>
    </form>`,
  );
}

export function messagePage(title: string, text: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>`);
}

/** The provider's own form, sent at once: the person has already said in Headgate that they want to leave. */
export function logoutPage(form: string): string {
  return page(
    "Sign out",
    `<h1>Signing out…</h1>${form}
    <button type="submit" form="op.logoutForm" name="logout" value="yes" id="leave">Sign out</button>
    <script>document.getElementById("leave").click();</script>`,
  );
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)} · Headgate lab</title>
  <style>
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
    body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }
    main { width: min(26rem, calc(100vw - 2rem)); padding: 1.5rem 0; }
    h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
    fieldset { border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .5rem; padding: .5rem .75rem; margin: 0 0 1rem; }
    .account { display: flex; gap: .75rem; align-items: center; padding: .35rem 0; cursor: pointer; }
    .account small { display: block; color: color-mix(in srgb, CanvasText 75%, Canvas); }
    .password input { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; margin-top: .25rem; }
    button { width: 100%; font: inherit; font-weight: 600; padding: .6rem; margin-top: 1rem; border: 0; border-radius: .5rem; background: #0b5c6b; color: #fff; cursor: pointer; }
    .problem { border-left: .25rem solid #c0392b; padding-left: .75rem; }
  </style>
</head>
<body><main>${body}</main></body>
</html>`;
}
