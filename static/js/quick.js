// The quick form: what a pasted message says is taken over by a tap, days are set in one, files are named.
import { suggest } from "./suggest.js";

const form = document.getElementById("quick");
const paste = document.querySelector("[data-paste]");

function put(name, value, company = "") {
  const field = form.elements[name];
  if (!field) return;
  field.value = value;
  if (name === "new_company") form.elements.company_id.value = company;
  field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function fill(part) {
  put(part.dataset.fill, part.dataset.value, part.dataset.company);
  part.classList.add("is-taken");
}

paste.addEventListener("click", (event) => {
  const one = event.target.closest("[data-fill]");
  if (one) fill(one);
  if (!event.target.closest("[data-fill-all]")) return;
  // What was typed already stays; a single part is put over it by its own tap.
  for (const part of paste.querySelectorAll("[data-fill]")) {
    if (!form.elements[part.dataset.fill].value) fill(part);
  }
  form.elements.content.focus();
});

form.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-set]");
  if (!chip) return;
  put(chip.dataset.set, chip.dataset.value);
});

function showDay() {
  const day = form.elements.next_step_on.value;
  for (const chip of form.querySelectorAll("[data-set]")) chip.setAttribute("aria-pressed", String(chip.dataset.value === day));
}

form.addEventListener("change", (event) => {
  if (event.target.name === "next_step_on") showDay();
});

// A file that has arrived waits on the server; one that has not stays in its field and comes with the save.
form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.type === "file" && event.detail.successful) event.detail.elt.value = "";
});

for (const box of form.querySelectorAll("[data-suggest-url]")) suggest(box);
showDay();
