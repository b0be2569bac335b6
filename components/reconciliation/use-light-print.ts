import { useEffect } from "react";

/** Paper is white: what is printed from this page wears the light theme, whatever the reader has chosen. */
export function useLightPrint(): void {
  useEffect(() => {
    const root = document.documentElement;
    let chosen: string | undefined;
    const before = () => {
      chosen = root.dataset.theme;
      root.dataset.theme = "light";
    };
    const after = () => {
      if (chosen === undefined) delete root.dataset.theme;
      else root.dataset.theme = chosen;
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
}
