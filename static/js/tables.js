// Tables wider than their place scroll in it; words cut short show themselves in full on hover.

function fit(wrap) {
  wrap.classList.remove("is-wide");
  wrap.classList.toggle("is-wide", wrap.scrollWidth > wrap.clientWidth + 1);
}

export function startTables(page) {
  const watcher = new ResizeObserver((changes) => changes.forEach((change) => fit(change.target)));
  const watch = (root) => root.querySelectorAll(".table-wrap").forEach((wrap) => watcher.observe(wrap));
  watch(page);
  page.addEventListener("htmx:load", (event) => watch(event.detail.elt));
  page.addEventListener("mouseover", (event) => {
    const cell = event.target.closest?.(".clip");
    if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.innerText.trim().replace(/\s+/g, " ");
  });
}
