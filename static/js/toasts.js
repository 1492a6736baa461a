// What was just done: said to screen readers, gone after a while unless it is an error.
const STAYS_MS = 7000;

let place = null;

function watch(toast) {
  const close = () => toast.remove();
  toast.querySelector("[data-toast-close]")?.addEventListener("click", close);
  if (toast.hasAttribute("data-stays")) return;
  let timer = setTimeout(close, STAYS_MS);
  for (const [stop, go] of [["mouseenter", "mouseleave"], ["focusin", "focusout"]]) {
    toast.addEventListener(stop, () => clearTimeout(timer));
    toast.addEventListener(go, () => (timer = setTimeout(close, STAYS_MS)));
  }
}

/** Show an error that arose in the page itself. */
export function say(text) {
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = "toast-house toast-bad";
  const icon = document.createElement("i");
  icon.className = "ti ti-alert-circle";
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.className = "toast-text";
  words.textContent = text;
  toast.append(icon, words);
  place.append(toast);
  watch(toast);
}

export function startToasts(page) {
  place = page.querySelector("[data-toasts]");
  if (!place) return;
  const toasts = [...place.children];
  toasts.forEach(watch);
  // A live region tells only what changes in it: put what came with the page in again.
  if (toasts.length) requestAnimationFrame(() => place.replaceChildren(...toasts));
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    page.addEventListener(failure, () => say(page.dataset.textFailed));
  }
}
