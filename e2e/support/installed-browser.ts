/** How the browser that is installed is launched; as root it cannot keep its sandbox. */
export const INSTALLED_BROWSER = {
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
};
