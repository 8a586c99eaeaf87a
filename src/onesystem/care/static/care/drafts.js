// Nothing typed is lost. A form with `data-draft` is kept on the server 2 s after typing and when
// its field is left; brought back after a time-out; and two tabs never overwrite each other unseen.
// While there is no network or no session, the text stays in the page and in this tab's own store.
"use strict";
(() => {
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const PAUSE = 2000, AGAIN = 10000;
  const said = (text) => window.onesystem?.say(text);
  const made = (tag, words = "", props = {}) => Object.assign(document.createElement(tag), { textContent: words }, props);
  let who = "";

  const kept = (el) => el.name && !el.disabled && !el.hasAttribute("data-no-draft") &&
    !["hidden", "password", "file", "submit", "button", "reset", "image"].includes(el.type);
  const picks = (el) => el.type === "checkbox" || el.type === "radio";
  // What a form holds now, or (`first`) held when its page came.
  function fieldsOf(form, first = false) {
    const fields = {};
    for (const el of form.elements) {
      if (!kept(el)) continue;
      const list = (fields[el.name] ||= []);
      if (picks(el)) { if (first ? el.defaultChecked : el.checked) list.push(el.value); }
      else if (el.options) list.push(...picked(el, first).map((o) => o.value));
      else list.push(first ? el.defaultValue : el.value);
    }
    return fields;
  }
  function picked(select, first) {
    const chosen = [...select.options].filter((o) => (first ? o.defaultSelected : o.selected));
    return chosen.length || select.multiple ? chosen : [...select.options].slice(0, 1); // as browsers choose
  }
  function fill(form, fields) {
    const used = {};
    for (const el of form.elements) {
      if (!kept(el) || !(el.name in fields)) continue;
      const values = fields[el.name], at = used[el.name] || 0;
      if (picks(el)) el.checked = values.includes(el.value);
      else if (el.multiple) for (const o of el.options) o.selected = values.includes(o.value);
      else if (at < values.length) { el.value = values[at]; used[el.name] = at + 1; }
      el.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "draft" }));
    }
  }
  const meant = (list = []) => (list.some(Boolean) ? JSON.stringify(list) : ""); // what is empty and what is not there say the same
  const same = (a, b) => Object.keys({ ...a, ...b }).every((k) => meant(a[k]) === meant(b[k]));
  const local = (fields, form) => { const here = fieldsOf(form); return Object.fromEntries(Object.entries(fields).filter(([k]) => k in here)); };

  // Signing in again: in a window beside this one, which stays as it is.
  let dialog = null;
  function signIn(words = "") {
    if (!dialog) {
      dialog = made("dialog", "", { className: "signed-out" });
      dialog.setAttribute("aria-labelledby", "signed-out-title");
      const link = made("a", "Sign in", { className: "button", href: "/account/login/?next=/drafts/back/", target: "_blank" });
      dialog.append(made("h2", "You are signed out", { id: "signed-out-title" }), made("p", "What you wrote is still in this page. Sign in, and it is kept."), made("p", "", { className: "error" }), link);
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      document.body.append(dialog);
    }
    dialog.querySelector(".error").textContent = words;
    document.querySelector("#leaving")?.close();
    if (!dialog.open) dialog.showModal();
  }
  const other = (name) => `${name} is signed in now, and this was written by ${who}. Sign in as ${who}.`;
  async function signedIn() {
    if (!dialog?.open) return;
    const now = await renew();
    if (!now) return;
    if (who && now.who !== who) return signIn(other(now.who));
    dialog.close();
    channel.postMessage("close");
    for (const one of all) one.save(true);
  }
  async function renew() {
    const answer = await fetch("/drafts/token/", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return null;
    const now = await answer.json();
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = now.token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": now.token }));
    if (now.until) window.onesystem?.setUntil?.(now.until);
    return now;
  }
  const channel = new BroadcastChannel("onesystem-signed-in");
  channel.onmessage = (event) => { if (event.data === "back") signedIn(); };
  addEventListener("focus", signedIn);

  class Kept {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.draft;
      this.first = this.saved = fieldsOf(form, true);
      this.seen = Number(form.dataset.draftSeen || 0); // the version that the page came with
      this.sent = false;
      this.running = null;
      this.known = new Promise((told) => { this.know = told; }); // what the server has of it
      this.state = made("p", "", { className: "quiet draft-state" });
      (form.querySelector("button[type=submit], button:not([type])")?.parentElement || form).append(this.state);
      const typed = (event) => {
        if (event.detail === "draft") return;
        this.tell("");
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.save(), PAUSE);
      };
      form.addEventListener("input", typed);
      form.addEventListener("change", typed);
      form.addEventListener("focusout", () => this.save());
      form.addEventListener("reset", () => setTimeout(() => this.save()));
    }
    get dirty() { return !this.sent && !same(fieldsOf(this.form), this.saved); }
    get token() { return this.form.querySelector("[name=csrfmiddlewaretoken]")?.value || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || ""; }
    tell(words, bad = false) { this.state.textContent = words; this.state.classList.toggle("error", bad); if (bad) said(words); }
    hold() { try { sessionStorage.setItem(`draft:${this.key}`, JSON.stringify({ who, fields: fieldsOf(this.form) })); } catch { /* full or closed: the page still has it */ } }
    release() { try { sessionStorage.removeItem(`draft:${this.key}`); } catch { /* closed */ } }
    held() { try { return JSON.parse(sessionStorage.getItem(`draft:${this.key}`)); } catch { return null; } }

    async load(told = null) {
      told ||= await asked([this.key]);
      this.know();
      if (!told) return;
      who = told.who;
      const fields = local(told.fields || {}, this.form);
      const shown = told.version === this.seen || same(fields, this.first); // the page came with it: what is typed since goes on from there
      if (told.version && this.dirty && !shown && !same(fields, fieldsOf(this.form))) return this.conflict(told);
      this.seen = told.version;
      const held = this.held();
      if (held?.who === who && !same(local(held.fields, this.form), fieldsOf(this.form))) {
        this.bring(held.fields, "What you wrote could not be kept at the time. It is here again.");
        return this.save(true);
      }
      if (!told.version) return;
      this.saved = fields;
      if (shown || same(fields, fieldsOf(this.form))) return;
      this.bring(fields, `You wrote this at ${told.words} and have not sent it.`);
    }
    notice(words, ...buttons) {
      this.box?.remove();
      this.box = made("div", "", { className: "notice notice-info draft-notice" });
      this.box.setAttribute("role", "status");
      const row = made("p", "", { className: "buttons" });
      row.append(...buttons);
      this.box.append(made("p", words), row);
      this.form.before(this.box);
    }
    button(words, act) {
      const one = made("button", words, { type: "button", className: "small" });
      one.addEventListener("click", async () => { await act(); this.box?.remove(); this.form.querySelector("textarea, input:not([type=hidden]), select")?.focus(); });
      return one;
    }
    bring(fields, words) {
      fill(this.form, fields);
      this.notice(words, this.button("Keep it", () => said("Kept")), this.button("Discard it", () => this.discard()));
    }
    async discard() {
      fill(this.form, this.first);
      this.saved = fieldsOf(this.form);
      this.release();
      const body = new URLSearchParams({ key: this.key, seen: this.seen });
      const answer = await fetch("/drafts/discard/", { method: "POST", body, headers: { "X-CSRFToken": this.token, Accept: "application/json" } }).catch(() => null);
      if (answer?.status === 409) return this.conflict(await answer.json());
      said("Discarded");
    }
    conflict(told) {
      this.hold();
      this.tell("Not kept: choose which text to keep.", true);
      const there = Object.entries(local(told.fields, this.form)).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(fieldsOf(this.form)[k]));
      this.notice(`You also wrote this in another tab, at ${told.words}. Which do you want to keep?`,
        this.button("Keep what is on this page", async () => { this.seen = told.version; await this.save(true); }),
        this.button("Take what the other tab has", () => { this.seen = told.version; fill(this.form, told.fields); this.saved = fieldsOf(this.form); this.release(); this.tell(""); }));
      const other = made("details");
      other.append(made("summary", "What the other tab has"), ...there.map(([k, v]) => made("p", `${k}: ${v.join(", ")}`)));
      this.box.append(other);
    }

    // Keep the form as it is now. Gives whether it is kept, or does not need to be.
    async save(always = false) {
      clearTimeout(this.timer);
      await this.known;
      while (this.running) await this.running; // of several that wait, one goes on and the others wait for it
      if (!always && !this.dirty) return true;
      this.running = this.post().finally(() => { this.running = null; });
      return this.running;
    }
    async post(again = true) {
      this.failed = this.offline = false;
      const fields = fieldsOf(this.form);
      const body = JSON.stringify({ who, key: this.key, person: this.form.dataset.draftPerson || 0, seen: this.seen, path: location.pathname + location.search, fields });
      let answer;
      try {
        answer = await fetch("/drafts/", { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, Accept: "application/json" } });
      } catch {
        this.offline = true;
        this.hold();
        this.tell("No network. What you wrote stays on this page, and is kept when the network is back.", true);
        this.timer = setTimeout(() => this.save(), AGAIN);
        return false;
      }
      if (answer.status === 401) {
        this.hold();
        this.tell("You are signed out. What you wrote is still on this page.", true);
        const now = (await answer.json().catch(() => ({}))).who;
        signIn(now ? other(now) : "");
        return false;
      }
      if (answer.status === 403 && again && (await renew())) return this.post(false);
      const told = await answer.json().catch(() => ({}));
      if (answer.status === 409) { this.conflict(told); return false; }
      this.failed = !answer.ok; // a form that cannot be kept can still be sent
      if (!answer.ok) { this.hold(); this.tell(told.error || "It could not be kept. It stays on this page.", true); return false; }
      who = told.who;
      this.seen = told.version;
      this.saved = fields;
      this.closed = told.closed;
      this.release();
      this.tell(`Kept at ${told.words}${this.unsent ? ". It is not sent yet: press the button again" : ""}`);
      return true;
    }
  }

  const all = forms.map((form) => new Kept(form));
  // All forms of a page in one ask.
  async function asked(keys) {
    const at = `/drafts/?${new URLSearchParams(keys.map((key) => ["key", key]))}`;
    const answer = await fetch(at, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(AGAIN) }).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }
  if (all.length === 1) all[0].load();
  else if (all.length) asked(all.map((one) => one.key)).then((told) => { for (const one of all) told ? one.load({ who: told.who, ...told.drafts?.[one.key] }) : one.know(); });
  // A form that comes into the page later is kept from then on; one that went is let go.
  (window.onesystem ||= {}).keep = (form) => {
    const one = new Kept(form);
    all.splice(0, all.length, ...all.filter((each) => each.form.isConnected), one);
    return one.load();
  };

  // Before a form is sent it is kept, so that whatever happens to the sending, it can be sent again.
  addEventListener("submit", async (event) => {
    if (event.target.action?.includes("/logout/")) {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
      return;
    }
    const one = all.find((each) => each.form === event.target);
    if (!one || one.sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (one.sending) return;
    one.sending = true;
    const fine = await one.save(true);
    one.sending = false;
    if (!fine && !one.failed) {
      one.form.dispatchEvent(new CustomEvent("draft:unsent", { bubbles: true, detail: { submitter: event.submitter, let: () => { one.sent = true; one.release(); one.tell(""); } } }));
      if (!one.sent && one.offline) { one.unsent = true; one.tell(`No network: not sent. What you wrote stays on this page. Press ${(event.submitter?.textContent || "the button").trim()} again when the network is back.`, true); }
      return;
    }
    if (one.closed) { one.sent = true; location.assign(location.pathname + location.search); return; } // the reason for opening is asked again, then the text comes back
    one.sent = true;
    one.unsent = false;
    one.form.requestSubmit(event.submitter);
    setTimeout(() => { one.sent = false; }, AGAIN); // a part of a page may be sent again
  }, true);
  addEventListener("online", () => { for (const one of all) one.save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) for (const one of all) one.save(); });
  addEventListener("beforeunload", (event) => { if (all.some((one) => one.dirty)) event.preventDefault(); });

  // A session that ends does not take the page away while something in it is not kept.
  document.addEventListener("onesystem:ended", async (event) => {
    if (!all.some((one) => one.dirty)) return;
    event.preventDefault();
    if (!(await renew())) signIn();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401 || !all.some((one) => one.dirty)) return;
    event.preventDefault();
    signIn();
  });
})();
