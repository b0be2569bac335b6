export interface ToastMessage {
  kind: "success" | "error" | "info";
  title: string;
  description?: string | undefined;
  action?: { label: string; onClick: () => void } | undefined;
}

type Options = Pick<ToastMessage, "description" | "action">;

/** Messages raised before the toaster is loaded wait here. */
const waiting: ToastMessage[] = [];
let show: ((message: ToastMessage) => void) | undefined;
let wake: (() => void) | undefined;

function raise(message: ToastMessage): void {
  if (show) {
    show(message);
    return;
  }
  waiting.push(message);
  wake?.();
}

/** What happened, in one sentence. Errors stay until dismissed. */
export const toast = {
  success: (title: string, options?: Options) => raise({ kind: "success", title, ...options }),
  error: (title: string, options?: Options) => raise({ kind: "error", title, ...options }),
  info: (title: string, options?: Options) => raise({ kind: "info", title, ...options }),
};

/** For the toaster: the first message loads it. */
export function onFirstToast(load: () => void): void {
  wake = load;
  if (waiting.length > 0) load();
}

/** For the toaster, once it is on the page. */
export function showToastsWith(render: (message: ToastMessage) => void): void {
  show = render;
  for (const message of waiting.splice(0)) render(message);
}
