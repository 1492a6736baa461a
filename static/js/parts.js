// A whole and its parts: says while one types what is missing. Exact: whole numbers of the smallest part, never a float.

// "1,234.5" with two places is 123450n; null for what is no number, or a finer one.
function smallest(text, places) {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  const found = /^(\d+)(?:\.(\d+))?$/.exec(plain);
  if (!found || (found[2] || "").length > places) return null;
  return BigInt(found[1] + (found[2] || "").padEnd(places, "0"));
}

function shown(amount, places) {
  const digits = amount.toString().padStart(places + 1, "0");
  const head = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const tail = places ? digits.slice(-places).replace(/0+$/, "") : "";
  return tail ? `${head}.${tail}` : head;
}

function look(box) {
  const { places, whole, unit } = box.dataset;
  const digits = Number(places);
  const texts = [...box.querySelectorAll("input[inputmode=decimal]")].map((input) => input.value.trim()).filter(Boolean);
  const parts = texts.map((text) => smallest(text, digits));
  const sum = box.querySelector("[data-parts-sum]");
  const word = box.querySelector("[data-parts-word]");
  const say = (text, state) => {
    word.textContent = text;
    word.className = state;
  };
  if (!texts.length) {
    sum.textContent = "—";
    return say(box.dataset.textNone, "text-quiet");
  }
  if (parts.includes(null)) {
    sum.textContent = "—";
    return say(box.dataset.textWrong, "text-bad");
  }
  const total = parts.reduce((one, other) => one + other, 0n);
  const short = smallest(whole, digits) - total;
  sum.textContent = shown(total, digits);
  if (short === 0n) return say(box.dataset.textWhole, "text-good");
  const amount = `${shown(short < 0n ? -short : short, digits)} ${unit}`;
  return say((short > 0n ? box.dataset.textShort : box.dataset.textOver).replace("{}", amount), "text-bad");
}

for (const box of document.querySelectorAll("[data-parts]")) {
  box.addEventListener("input", () => look(box));
  look(box);
}
