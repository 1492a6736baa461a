// Confirmation before what cannot be undone, and dialogs opened by a button.

function confirmThen(form, submitter) {
  const dialog = document.getElementById("confirm");
  if (!dialog) return form.requestSubmit(submitter);
  const yes = dialog.querySelector("[data-confirm-yes]");
  const asked = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  dialog.querySelector("#confirm-text").textContent = asked.confirm;
  yes.textContent = asked.confirmLabel || yes.textContent;
  const danger = "confirmDanger" in asked;
  yes.classList.toggle("btn-danger", danger);
  yes.classList.toggle("btn-primary", !danger);
  dialog.returnValue = "no";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "";
      form.requestSubmit(submitter || undefined);
    },
    { once: true },
  );
  dialog.showModal();
  dialog.querySelector("[data-confirm-no]").focus();
}

export function startDialogs(page) {
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method === "dialog" || "confirmed" in form.dataset) return;
      if (!form.dataset.confirm && !event.submitter?.dataset.confirm) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      confirmThen(form, event.submitter);
    },
    true,
  );
  page.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
    const dialog = event.target;
    if (dialog instanceof HTMLDialogElement && dialog.open) {
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.detail > 0) dialog.close("no");
    }
  });
}
