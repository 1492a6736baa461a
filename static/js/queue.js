// A list of receipts and the one that is looked at beside it; what the ticked come to, exact to the fen.

const list = document.querySelector("[data-queue]");
const look = document.getElementById("look");
const told = document.querySelector("[data-queue-sum]");
const WAN = 1000000n;
const YI = 10000n * WAN;
const PAUSE = 120; // whoever holds j down passes rows without asking for each

// Where there is no room beside the list a row opens its own page, as it does without a script.
const beside = () => look.offsetParent !== null;

let waiting = 0;

function show(row) {
  for (const one of list.querySelectorAll(".is-here")) one.classList.remove("is-here");
  row.classList.add("is-here");
  history.replaceState(null, "", row.dataset.at);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    htmx.ajax("GET", row.dataset.look, { target: look, swap: "innerHTML show:none" }).then(() => row.classList.add("is-looked"));
  }, PAUSE);
}

// Whole numbers with a point so many places from the right; ends without noughts unless some are asked for.
function text(number, places, least = 0) {
  const digits = number.toString().padStart(places + 1, "0");
  const head = digits.slice(0, -places).replace(/\B(?=(\d{3})+$)/g, ",");
  const tail = digits.slice(-places).replace(/0+$/, "").padEnd(least, "0");
  return tail ? `${head}.${tail}` : head;
}

// As the pages show money: below 1亿 in 万元, from there in 亿元 with two decimals, half up.
function shown(fen) {
  const sign = fen < 0n ? "-" : "";
  const size = fen < 0n ? -fen : fen;
  if (size < YI) return `${sign}${text(size, 6)} ${told.dataset.wan}`;
  return `${sign}${text((size + YI / 200n) / (YI / 100n), 2, 2)} ${told.dataset.yi}`;
}

function count() {
  const ticked = [...list.querySelectorAll("[data-fen]:checked")];
  const sum = ticked.reduce((so_far, box) => so_far + BigInt(box.dataset.fen), 0n);
  told.closest(".queue-sum").classList.toggle("is-on", ticked.length > 0);
  told.textContent = ticked.length ? told.dataset.text.replace("{n}", ticked.length).replace("{sum}", shown(sum)) : told.dataset.none;
}

if (list) {
  list.querySelector(".is-here")?.classList.toggle("is-looked", beside());
  list.addEventListener("house:step", (event) => beside() && show(event.target));
  list.addEventListener("click", (event) => {
    const link = event.target.closest(".rows-main a");
    if (!link || !beside() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.closest("[data-look]"));
  });
  if (told) {
    list.addEventListener("change", count);
    count();
  }
}
