// What is typed into a form with data-draft is kept on the server while one types. Only while there is no
// connection, and never of a confidential lead, a copy lies in this browser; it goes with the next save, and
// all of it with the sign-out.

const PREFIX = "crm-draft:";
const WAIT_MS = 900;
const NEVER = new Set(["csrf_token", "form_key", "duplicates_seen"]);

function local(action) {
  try {
    return action(localStorage);
  } catch {
    return null; // a browser that keeps nothing still drafts on the server
  }
}

function keysOf(store) {
  return Object.keys(store).filter((key) => key.startsWith(PREFIX));
}

/** On every page: copies of others' drafts go, all of them with a sign-out. */
export function tidyDrafts(page) {
  const me = page.dataset.person;
  if (me) {
    local((store) => {
      for (const key of keysOf(store)) if (!key.startsWith(`${PREFIX}${me}:`)) store.removeItem(key);
    });
  }
  page.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    local((store) => keysOf(store).forEach((key) => store.removeItem(key)));
  });
}

function told(form) {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    if (NEVER.has(name) || value instanceof File) continue;
    found.set(name, [...(found.get(name) || []), value]);
  }
  for (const field of form.elements) {
    const counts = field.name && !NEVER.has(field.name) && !["file", "submit", "button"].includes(field.type);
    if (counts && !found.has(field.name)) found.set(field.name, []);
  }
  return found;
}

function changedSince(before, now) {
  return [...now.keys()].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(now.get(name)));
}

function show(form, name, values) {
  const field = form.elements[name];
  if (!field) return;
  const boxes = field instanceof RadioNodeList ? [...field] : [field];
  for (const one of boxes) {
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
    else if (one.multiple && one.options) [...one.options].forEach((option) => (option.selected = values.includes(option.value)));
    else one.value = values[0] ?? "";
    one.tomselect?.sync();
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draft;
    this.place = `${PREFIX}${document.body.dataset.person}:${this.url}`;
    this.state = form.querySelector("[data-draft-state]");
    this.kept = told(form);
    this.timer = 0;
    this.expired = false;
    this.busy = null;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.submit(event), true);
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else if (this.expired) this.save();
    });
    addEventListener("beforeunload", (event) => {
      if (this.leaving || !this.dirty.length || this.mayStayHere) return;
      event.preventDefault();
      event.returnValue = document.body.dataset.textLeave;
    });
    this.resume();
  }

  get dirty() {
    return changedSince(this.kept, told(this.form));
  }

  /** Whether a copy may lie in this browser: not of what is confidential. */
  get mayStayHere() {
    return this.form.hasAttribute("data-draft-local") && !this.form.elements.confidential?.checked;
  }

  later() {
    clearTimeout(this.timer);
    if (!this.mayStayHere) local((store) => store.removeItem(this.place));
    this.timer = setTimeout(() => this.save(), WAIT_MS);
  }

  say(what, text = "", link = null) {
    if (!this.state) return;
    this.state.textContent = (this.state.dataset[what] || "").replace("{}", text);
    this.state.dataset.is = what;
    if (!link) return;
    const anchor = document.createElement("a");
    Object.assign(anchor, { href: link.href, textContent: link.text, target: "_blank" });
    this.state.append(" ", anchor);
  }

  body(names, now) {
    const body = new FormData();
    for (const [name, values] of now) for (const value of values) body.append(name, value);
    for (const name of ["csrf_token", "form_key"]) body.set(name, this.form.elements[name].value);
    body.set("_names", names.join(","));
    return body;
  }

  /** Keep what changed; true when the server has all of it. */
  save() {
    clearTimeout(this.timer);
    this.busy = (this.busy || Promise.resolve()).then(() => this.send());
    return this.busy;
  }

  async send(again = false) {
    const now = told(this.form);
    const names = changedSince(this.kept, now);
    if (!names.length && !this.expired) return true;
    try {
      if (this.expired && !(await this.renew())) return this.keepHere(names, now, "expired");
      const answer = await fetch(this.url, { method: "POST", body: this.body(names, now), headers: { "HX-Request": "true" } });
      if (answer.status === 401 || answer.status === 400) {
        // 400: signed in again in another window, and this page's token is of the sign-in before.
        this.expired = true;
        if (answer.status === 400 && !again && (await this.renew())) return this.send(true);
        return this.keepHere(names, now, "expired");
      }
      if (!answer.ok) return this.keepHere(names, now, "offline");
      const said = await answer.json();
      if (said.used) {
        this.form.elements.form_key.value = said.key;
        this.say("used", "", { href: said.used, text: this.state.dataset.open });
        return false;
      }
      this.kept = now;
      local((store) => store.removeItem(this.place));
      this.say("saved", said.saved);
      return true;
    } catch {
      return this.keepHere(names, now, "offline");
    }
  }

  /** After another sign-in the old page's token is void: fetch the new one. */
  async renew() {
    const answer = await fetch(this.url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return false;
    const { token } = await answer.json();
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    document.querySelector('meta[name="csrf-token"]').content = token;
    this.expired = false;
    return true;
  }

  keepHere(names, now, why) {
    const fields = Object.fromEntries(names.map((name) => [name, now.get(name)]));
    const copy = { key: this.form.elements.form_key.value, fields };
    const done = this.mayStayHere && local((store) => (store.setItem(this.place, JSON.stringify(copy)), true));
    const next = encodeURIComponent(location.pathname + location.search);
    const again = { href: `/sign-in?next=${next}`, text: this.state?.dataset.signIn };
    if (why === "expired") this.say("expired", "", again);
    else this.say(done ? "offline" : "waiting");
    return false;
  }

  /** What lay here while there was no connection goes back into the form, and to the server. */
  resume() {
    const text = local((store) => store.getItem(this.place));
    if (!text) return;
    for (const [name, values] of Object.entries(JSON.parse(text).fields || {})) show(this.form, name, values);
    this.later();
  }

  leave() {
    const now = told(this.form);
    const names = changedSince(this.kept, now);
    if (!names.length || this.leaving) return;
    fetch(this.url, { method: "POST", body: this.body(names, now), headers: { "HX-Request": "true" }, keepalive: true }).catch(() => this.keepHere(names, now, "offline"));
  }

  async submit(event) {
    if (this.leaving || event.defaultPrevented) return;
    if (!this.dirty.length && !this.expired && navigator.onLine) {
      this.leaving = true;
      setTimeout(() => (this.leaving = false), 5000);
      return;
    }
    // What was just typed is kept first: a post into a sign-in that has ended, or into no network, would lose it.
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (!(await this.save())) return;
    this.leaving = true;
    setTimeout(() => (this.leaving = false), 5000);
    this.form.requestSubmit(button);
  }
}

export function startDrafts(page) {
  tidyDrafts(page);
  for (const form of page.querySelectorAll("form[data-draft]")) {
    // After the selects have been dressed and the browser has filled in what it kept.
    setTimeout(() => new Draft(form), 60);
  }
}
