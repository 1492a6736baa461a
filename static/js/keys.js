// Keys for people who do this all day; never while something is being typed or a dialog is open.

function typing(event) {
  const at = event.target;
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing || at.isContentEditable || at.closest?.("input:not([type=checkbox]), textarea, select, .ts-wrapper, dialog[open]");
}

function rows() {
  return [...document.querySelectorAll("table[data-rows] > tbody > tr, [data-rows]:not(table) > *")].filter((row) => row.offsetParent !== null && linkOf(row));
}

function linkOf(row) {
  return row.querySelector(".td-main a[href], a[data-row-link], .rows-main a[href]");
}

let here = document.querySelector("[data-rows] > .is-here");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here);
  const next = all[Math.min(all.length - 1, Math.max(0, at + (at < 0 ? 1 : by)))];
  here?.classList.remove("is-here");
  here = next;
  here.classList.add("is-here");
  linkOf(here).focus({ preventScroll: true });
  here.scrollIntoView({ block: "nearest" });
  here.dispatchEvent(new CustomEvent("house:step", { bubbles: true }));
}

function press(key) {
  const inRow = here?.isConnected ? here.querySelector(`[data-key="${key}"]`) : null;
  const found = inRow || [...document.querySelectorAll(`[data-key="${key}"]`)].find((one) => one.offsetParent !== null) || document.querySelector(`[data-key="${key}"]`);
  if (!found) return false;
  if (found.matches("input:not([type=checkbox]), textarea, select")) {
    found.focus();
    found.select?.();
  } else found.click();
  return true;
}

export function startKeys(page) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.("input[type=search]")) event.target.blur();
    if (typing(event)) return;
    let done = true;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    else if (event.key === "Enter" && here && event.target === page) linkOf(here).click();
    else if (["/", "n", "l", "p", "r", "x"].includes(event.key)) done = press(event.key);
    else done = false;
    if (done) event.preventDefault();
  });
}
