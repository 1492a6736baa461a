// Rows chosen for a bulk action: how many, all of a page at once, a row of them with Shift.

export function startBulk(page) {
  for (const form of page.querySelectorAll("form[data-bulk]")) {
    const boxes = [...form.querySelectorAll("input[name=row]")];
    const all = form.querySelector("[data-bulk-all]");
    const count = form.querySelector("[data-bulk-count]");
    const everything = form.querySelector("input[name=everything]");
    let last = null;
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      count.textContent = chosen;
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
      if (chosen < boxes.length) everything.checked = false;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
    form.addEventListener("click", (event) => {
      const at = boxes.indexOf(event.target);
      if (at < 0) return;
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(at, last), Math.max(at, last)];
        for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
      }
      last = at;
      tell();
    });
    form.addEventListener("change", (event) => {
      if (boxes.includes(event.target)) tell();
      if (event.target === everything && everything.checked) {
        for (const box of boxes) box.checked = true;
        tell();
      }
    });
    addEventListener("pageshow", tell);
    tell();
  }
}
