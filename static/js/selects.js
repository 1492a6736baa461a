// Searchable selects. A select is made searchable once, also in parts that htmx brings later.

function labelOf(select) {
  return select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace("*", "").trim() || "";
}

/** Where the list is longer than the page holds, what is typed asks the house for more. */
function suggestions(address) {
  if (!address) return {};
  return {
    valueField: "value",
    labelField: "text",
    searchField: [],
    score: () => () => 1,
    loadThrottle: 250,
    async load(typed, done) {
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
        const found = answer.ok ? await answer.json() : [];
        const kept = new Set([...this.items, ...found.map((one) => one.value)]);
        for (const value of Object.keys(this.options)) if (!kept.has(value)) this.removeOption(value, true);
        done(found);
      } catch {
        done();
      }
    },
  };
}

function dress(select) {
  if (select.tomselect || !window.TomSelect) return;
  const words = document.body.dataset;
  const multiple = select.multiple;
  const label = labelOf(select);
  select.setAttribute("aria-label", label);
  const blank = [...select.options].find((option) => option.value === "");
  const control = new window.TomSelect(select, {
    plugins: multiple ? { remove_button: { title: words.textRemove } } : { dropdown_input: {} },
    maxOptions: 500,
    allowEmptyOption: Boolean(blank),
    placeholder: select.dataset.placeholder || (multiple ? "" : blank?.textContent) || "",
    hidePlaceholder: true,
    hideSelected: multiple,
    ...suggestions(select.dataset.suggest),
    onFocus() {
      // A search box at the phone's edge would otherwise open off the screen.
      this.wrapper.scrollIntoView({ block: "nearest" });
    },
    render: {
      no_results() {
        const nothing = document.createElement("div");
        nothing.className = "no-results";
        nothing.textContent = words.textNone;
        return nothing;
      },
    },
  });
  for (const box of [control.control_input, control.focus_node]) {
    if (!box) continue;
    box.setAttribute("aria-label", label);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) box.setAttribute(name, select.getAttribute(name));
    }
  }
  control.dropdown_content?.setAttribute("aria-label", label);
}

/** Options of `select` that do not belong to the chosen value of its parent field are taken away; undecided ones stay. */
function narrow(select) {
  const form = select.form;
  const parent = form?.elements[select.dataset.parentField];
  if (!parent) return;
  select.allOptions ??= [...select.options];
  const wanted = parent.value;
  const kept = select.value;
  const shown = select.allOptions.filter((option) => {
    const belongs = option.dataset.parent;
    return belongs === undefined || wanted === "" || belongs.split(",").includes(wanted);
  });
  select.replaceChildren(...shown);
  select.value = shown.some((option) => option.value === kept) ? kept : "";
  if (select.selectedIndex < 0) select.selectedIndex = 0;
  if (select.tomselect) {
    select.tomselect.clear(true);
    select.tomselect.clearOptions();
    select.tomselect.sync();
    select.tomselect.setValue(select.value, true);
  }
}

function dressAll(root) {
  for (const select of root.querySelectorAll("select[data-parent-field]")) {
    narrow(select);
    if (select.dataset.bound !== undefined) continue;
    select.dataset.bound = "";
    select.form?.addEventListener("change", (event) => {
      if (event.target.name !== select.dataset.parentField) return;
      const before = select.value;
      narrow(select);
      if (select.value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  for (const select of root.querySelectorAll("select.js-select")) dress(select);
}

export function startSelects(page) {
  dressAll(page);
  page.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== page) dressAll(event.detail.elt);
  });
}
