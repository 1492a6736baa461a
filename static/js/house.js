// What every page needs, in parts. Nothing here holds a text: words come from the page's data attributes.
import { startCharts } from "./charts.js";
import { startBulk } from "./bulk.js";
import { startDialogs } from "./dialogs.js";
import { startDrafts } from "./drafts.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLines } from "./lines.js";
import { startSelects } from "./selects.js";
import { startTables } from "./tables.js";
import { startToasts } from "./toasts.js";

const page = document.body;

startSelects(page);
startForms(page);
startDrafts(page);
startLines(page);
startDialogs(page);
startTables(page);
startBulk(page);
startCharts(page);
startToasts(page);
startKeys(page);

for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => history.back());
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("tabler-theme", theme);
    } catch {
      // A browser that keeps nothing still switches this page.
    }
    root.setAttribute("data-bs-theme", theme);
  });
}

// Requests of htmx carry the page's token, as forms do.
page.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
