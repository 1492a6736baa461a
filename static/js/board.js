// The board: a card dragged into another column, or sent there from its menu. The house answers with the card as
// it is then, with a form to fill in first, or with a no that says why: then the card goes back.
import { say } from "./toasts.js";

const board = document.querySelector("[data-board]");
const form = document.getElementById("board-move");
const says = document.querySelector("[data-board-says]");

function columnOf(stage) {
  return board.querySelector(`[data-stage="${stage}"]`);
}

async function ask(card, target) {
  const body = new FormData(form);
  body.set("target", `${target}.${card.dataset.version}`);
  try {
    const answer = await fetch(card.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) return await answer.json();
  } catch {
    // Told below.
  }
  return { refused: board.dataset.asksOther };
}

async function move(card, target, back) {
  board.setAttribute("aria-busy", "true");
  const told = await ask(card, target);
  board.removeAttribute("aria-busy");
  if (told.key) form.elements.form_key.value = told.key;
  if (told.go) return location.assign(told.go);
  if (!told.card) {
    back();
    return say(told.refused);
  }
  const made = document.createElement("template");
  made.innerHTML = told.card;
  const fresh = made.content.querySelector(".board-card");
  if (card.parentElement !== columnOf(target)) columnOf(target).prepend(card);
  card.replaceWith(fresh);
  says.textContent = told.done;
  document.body.dispatchEvent(new CustomEvent("board-moved"));
  return fresh;
}

function drags() {
  for (const column of board.querySelectorAll("[data-stage]")) {
    window.Sortable.create(column, {
      group: "board",
      draggable: ".board-card",
      filter: ".board-card:not(.is-movable), .board-more, .board-moves",
      preventOnFilter: false,
      sort: false,
      delay: 150,
      delayOnTouchOnly: true,
      fallbackTolerance: 4,
      animation: 120,
      ghostClass: "is-ghost",
      onStart: () => board.classList.add("is-dragging"),
      onEnd(event) {
        board.classList.remove("is-dragging");
        if (event.from === event.to) return;
        const next = event.from.children[event.oldIndex] || null;
        move(event.item, event.to.dataset.stage, () => event.from.insertBefore(event.item, next));
      },
    });
  }
}

if (board && form) {
  if (window.Sortable && matchMedia("(min-width: 768px)").matches) drags();
  document.addEventListener("submit", async (event) => {
    if (event.target !== form || !event.submitter) return;
    event.preventDefault();
    const card = event.submitter.closest(".board-card");
    const fresh = await move(card, event.submitter.value.split(".")[0], () => {});
    const now = fresh || card;
    (now.querySelector(".board-menu") || now.querySelector("a")).focus();
  });
}
