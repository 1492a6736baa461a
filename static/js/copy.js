// A button that copies a field's text: data-copy names the field, data-done is what the button says then.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the page came over plain HTTP
    }
    button.lastChild.textContent = button.dataset.done;
  });
}
