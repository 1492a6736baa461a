// A text field that suggests firms while one types, and remembers which one was chosen; without a choice
// what is typed is the name of a new firm.

const WAIT_MS = 180;

function option(one, place, id) {
  const row = document.createElement("li");
  row.role = "option";
  row.id = `${id}-${place}`;
  row.className = "suggest-option";
  row.dataset.value = one.value;
  row.textContent = one.text;
  return row;
}

export function suggest(box) {
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  const into = input.form.elements[box.dataset.suggestInto];
  let timer = 0;
  let asked = 0;
  let at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    const rows = [...list.children];
    at = (place + rows.length) % rows.length;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    rows[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[at].id);
  };
  const choose = (row) => {
    input.value = row.textContent;
    into.value = row.dataset.value;
    close();
    into.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const load = async () => {
    const mine = ++asked;
    const typed = input.value.trim();
    if (!typed) return close();
    try {
      const answer = await fetch(`${box.dataset.suggestUrl}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== asked || document.activeElement !== input) return;
      const found = (await answer.json()).slice(0, 8);
      list.replaceChildren(...found.map((one, place) => option(one, place, list.id)));
      at = -1;
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(Boolean(found.length)));
    } catch {
      close(); // no connection: what is typed is the name
    }
  };

  input.addEventListener("input", () => {
    into.value = "";
    input.form.querySelector(".twins-place")?.replaceChildren(); // it spoke of another firm
    clearTimeout(timer);
    timer = setTimeout(load, WAIT_MS);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked += 1;
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? list.children.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) choose(list.children[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) choose(row);
  });
}
