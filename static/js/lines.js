// Lines of a form added and taken away in the page; without this the server does it with the same buttons.

function countLines(list) {
  const lines = list.querySelectorAll("[data-line]");
  const add = list.closest("form").querySelector("[data-add-line]");
  if (add) add.hidden = lines.length >= Number(list.dataset.most);
  for (const drop of list.querySelectorAll("[data-drop-line]")) drop.hidden = lines.length < 2;
}

function addLine(form) {
  const list = form.querySelector("[data-lines]");
  const template = form.querySelector("[data-line-template]");
  const taken = [...form.elements].map((field) => Number(/^lines-(\d+)-/.exec(field.name)?.[1] ?? -1));
  const next = Math.max(...taken) + 1;
  const made = template.content.cloneNode(true);
  for (const part of made.querySelectorAll("*")) {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("__n__")) part.setAttribute(name, value.replaceAll("__n__", next));
    }
  }
  const line = made.querySelector("[data-line]");
  list.append(made);
  countLines(list);
  line.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: line } }));
  line.querySelector("input, select")?.focus();
}

export function startLines(page) {
  for (const list of page.querySelectorAll("[data-lines]")) countLines(list);
  page.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-line]");
    const drop = event.target.closest("[data-drop-line]");
    if (!add && !drop) return;
    event.preventDefault();
    if (add) return addLine(add.form);
    const list = drop.closest("[data-lines]");
    drop.closest("[data-line]").remove();
    countLines(list);
    list.querySelector("[data-line] input, [data-line] select")?.focus();
  });
}
