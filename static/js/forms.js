// Fields that depend on others, files that are too large, what was typed and not saved, filters that apply at once.

function valuesOf(form, name) {
  const field = form.elements[name];
  if (!field) return [];
  if (field instanceof RadioNodeList) {
    const chosen = [...field].filter((one) => one.checked || !["radio", "checkbox"].includes(one.type));
    return chosen.length ? chosen.map((one) => one.value) : [""];
  }
  if (field.type === "checkbox" || field.type === "radio") return [field.checked ? field.value : ""];
  if (field.multiple && field.options) return [...field.selectedOptions].map((option) => option.value);
  return [field.value];
}

// "model=scenario,chain;signed=y": all of the conditions; "model=" means empty, "model!=" not empty.
function holds(form, rule) {
  return rule.split(";").every((part) => {
    const unlike = part.includes("!=");
    const [name, wanted] = part.split(unlike ? "!=" : "=");
    const hit = valuesOf(form, name.trim()).some((value) => wanted.split(",").includes(value));
    return unlike ? !hit : hit;
  });
}

function showFields(form) {
  for (const part of form.querySelectorAll("[data-show-when]")) {
    part.hidden = !holds(form, part.dataset.showWhen);
  }
}

function checkSize(input) {
  const limit = Number(input.dataset.maxBytes);
  const large = limit && [...input.files].find((file) => file.size > limit);
  const field = input.closest(".field") || input.parentElement;
  field.querySelector(".field-error[data-size]")?.remove();
  input.classList.toggle("is-invalid", Boolean(large));
  if (!large) return true;
  const error = document.createElement("p");
  error.className = "field-error";
  error.dataset.size = "";
  error.setAttribute("role", "alert");
  error.textContent = `${large.name}: ${input.dataset.tooLarge}`;
  field.append(error);
  return false;
}

// A form of its own is dirty when what it would send differs from what it came with.
function imprint(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

function guard(page) {
  const forms = new Map();
  let leaving = false;
  const remember = (root) => {
    for (const form of root.querySelectorAll("form[data-guard]")) {
      if (!forms.has(form)) forms.set(form, form.querySelector("[aria-invalid], .notice-warn") ? "" : imprint(form));
    }
  };
  // After the selects have been dressed and the browser has filled in what it kept.
  addEventListener("load", () => setTimeout(() => remember(page), 50));
  page.addEventListener("htmx:load", (event) => remember(event.detail.elt));
  page.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method === "post") leaving = true;
  });
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    const dirty = [...forms].some(([form, before]) => form.isConnected && imprint(form) !== before);
    if (!dirty || leaving) return;
    event.preventDefault();
    event.returnValue = page.dataset.textLeave;
  });
}

function filters(page) {
  for (const form of page.querySelectorAll("form[data-filter]")) {
    form.addEventListener("submit", () => {
      // Empty choices do not belong in the address.
      for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
    });
    form.addEventListener("change", (event) => {
      // Where several belong together, the button sends them.
      if (event.target.closest("[data-filter-later]")) return;
      if (event.target.name && event.target.type !== "search") form.requestSubmit();
    });
    const more = form.querySelector("[data-filter-more]");
    more?.addEventListener("click", () => {
      more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") !== "true"));
    });
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const field of document.querySelectorAll("form[data-filter] :disabled")) field.disabled = false;
  });
}

/** What unfolds over a page folds up again: by Escape, and by a click beside it. */
function panels(page) {
  const open = () => [...page.querySelectorAll("details[data-panel][open]")];
  page.addEventListener("click", (event) => {
    for (const panel of open()) if (!panel.contains(event.target) && !event.target.closest(".ts-dropdown")) panel.open = false;
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const panel of open()) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  });
}

export function startForms(page) {
  const prepare = (root) => {
    for (const part of root.querySelectorAll("[data-show-when]")) if (part.closest("form")) showFields(part.closest("form"));
  };
  prepare(page);
  page.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  page.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form) showFields(field.form);
    if (field.type === "file" && field.dataset.maxBytes) checkSize(field);
  });
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    const files = [...form.querySelectorAll("input[type=file][data-max-bytes]")];
    if (!files.map(checkSize).every(Boolean)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const button = event.submitter;
    if (form.method === "post" && button) {
      // Shows that the click arrived; the one-time key is what keeps twins out.
      setTimeout(() => button.setAttribute("aria-busy", "true"));
      addEventListener("pageshow", () => button.removeAttribute("aria-busy"), { once: true });
      setTimeout(() => button.removeAttribute("aria-busy"), 8000);
    }
  });
  guard(page);
  panels(page);
  filters(page);
  page.querySelector("[data-focus]")?.focus({ preventScroll: false });
}
