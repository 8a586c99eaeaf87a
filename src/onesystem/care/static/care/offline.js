// Today's visits without network. The device holds one's own visits until midnight, encrypted with
// a key that it made itself and that no script can read out; what is written waits, encrypted, until
// it was sent. Nothing is overwritten: where somebody else was first, the writer decides.
"use strict";
(() => {
  const TASKS = "/tasks/", shell = document.body.hasAttribute("data-offline-shell");
  if (!window.indexedDB || !window.crypto?.subtle) return; // no secure context: no offline
  const made = (tag, words = "", props = {}) => Object.assign(document.createElement(tag), { textContent: words }, props);
  const say = (words) => { const voice = document.querySelector("#said"); if (voice) voice.textContent = words; };

  // The store of the device: `key` (one), `day` (the snapshot), `queue` and `begun` (what was written).
  let opened;
  const db = () => (opened ||= new Promise((done, fail) => {
    const asked = indexedDB.open("onesystem-tasks", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }));
  async function store(mode, act) {
    const transaction = (await db()).transaction("kept", mode);
    const asked = act(transaction.objectStore("kept"));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = () => fail(transaction.error);
    });
  }
  const get = (at) => store("readonly", (s) => s.get(at));
  const put = (at, value) => store("readwrite", (s) => s.put(value, at));
  const drop = (at) => store("readwrite", (s) => s.delete(at));
  const keys = () => store("readonly", (s) => s.getAllKeys());

  async function key() {
    const held = await get("key");
    if (held) return held;
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await put("key", fresh);
    return fresh;
  }
  async function hide(at, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12)), secret = await key();
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, new TextEncoder().encode(JSON.stringify(value)));
    await put(at, { iv, data });
  }
  async function show(at) {
    const held = await get(at);
    if (!held) return null;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: held.iv }, await key(), held.data);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch { await drop(at); return null; }
  }
  const named = async (start) => (await keys()).filter((at) => String(at).startsWith(start));
  async function queued() {
    const found = [];
    for (const at of await named("queue:")) { const item = await show(at); if (item) found.push(item); }
    return found.sort((a, b) => (a.written < b.written ? -1 : 1));
  }
  async function mark() {
    const unsent = (await named("queue:")).length, day = await get("day");
    const state = unsent ? "unsent" : day ? "kept" : "";
    document.cookie = `offline=${state}; path=/; samesite=lax; max-age=${state ? 2592000 : 0}`;
  }
  async function wipeDay() { await drop("day"); for (const at of await named("begun:")) await drop(at); await mark(); }
  async function day() {
    const held = await show("day");
    if (held && Date.parse(held.until) <= Date.now()) { await wipeDay(); return null; }
    return held;
  }
  const keepItem = async (item) => { await hide(`queue:${item.id}`, item); await mark(); };
  const loseItem = async (item) => { await drop(`queue:${item.id}`); await mark(); };

  // Sending what waits. Each item has an id of its own: sent twice, it is done once.
  let sending = null, me = "";
  const send = () => (sending ||= sendAll().finally(() => { sending = null; }));
  async function sendAll() {
    const items = (await queued()).filter((item) => !item.state);
    if (!items.length) return "";
    let token;
    try {
      const answer = await fetch("/drafts/token/", { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.status === 401) return "signed-out";
      token = await answer.json();
      me = token.who;
    } catch { return "offline"; }
    for (const who of new Set(items.map((item) => item.who))) {
      if (who !== token.who) continue; // it waits for whoever wrote it
      const mine = items.filter((item) => item.who === who);
      let answer;
      try {
        answer = await fetch(`${TASKS}queue/`, { method: "POST", body: JSON.stringify({ who, items: mine }), headers: { "Content-Type": "application/json", "X-CSRFToken": token.token } });
      } catch { return "offline"; }
      if (!answer.ok) return answer.status === 401 ? "signed-out" : "failed";
      for (const result of (await answer.json()).results) {
        const item = mine.find((each) => each.id === result.id);
        if (!item) continue;
        if (result.state === "sent") await loseItem(item);
        else await keepItem({ ...item, state: result.state, words: result.words });
      }
    }
    return "";
  }

  // What waits, shown above the list; each with what can be done about it.
  async function panel(box, state) {
    const every = await queued(), items = every.filter((item) => item.who === me);
    box.replaceChildren();
    if (every.length > items.length) box.append(made("p", "This device holds something that another user wrote and that is not sent. It waits until they sign in.", { className: "notice notice-info" }));
    if (!items.length) return;
    const notice = made("section", "", { className: "notice notice-warn offline-panel" });
    notice.setAttribute("aria-label", "Written without network");
    const stuck = items.filter((item) => item.state);
    notice.append(made("p", stuck.length
      ? `${stuck.length === 1 ? "One thing that you wrote without network was" : `${stuck.length} things that you wrote without network were`} not taken as it stood. Nothing is lost: decide what becomes of it.`
      : `${items.length === 1 ? "One thing waits" : `${items.length} things wait`} on this device to be sent. ${{ "signed-out": "Sign in to send it.", offline: "It is sent when the network is back.", "": "" }[state] ?? "The network did not take it; it is tried again."}`, { className: "notice-title" }));
    const list = made("ul", "", { className: "plain-tasks" });
    for (const item of items) {
      const one = made("li");
      one.append(made("strong", item.title || item.key), made("p", item.note || "", { className: "said" }));
      if (item.words) one.append(made("p", item.words, { className: "error" }));
      const row = made("p", "", { className: "buttons" });
      const act = (words, does) => { const button = made("button", words, { type: "button", className: "small" }); button.addEventListener("click", async () => { await does(); await panel(box, await send()); if (!shell) location.reload(); }); row.append(button); };
      if (item.state && item.note) act("Add it as a note", () => keepItem({ ...item, state: "", words: "", as: "note" }));
      if (item.state === "refused") act("Open the visit with it", async () => {
        sessionStorage.setItem(`draft:done:${item.key}`, JSON.stringify({ who: item.who, fields: Object.fromEntries(Object.entries(item.fields || { note: item.note }).map(([k, v]) => [k, [v]])) }));
        await loseItem(item);
        location.assign(`${TASKS}${item.person}/${encodeURIComponent(item.key)}/`);
      });
      if (item.state) act("Throw it away", () => loseItem(item));
      if (row.children.length) one.append(row);
      list.append(one);
    }
    notice.append(list);
    box.append(notice);
  }

  const clock = (moment) => `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
  const at = (text) => { if (!text) return ""; const [h, m] = text.split(":"), moment = new Date(); moment.setHours(h, m, 0, 0); return moment.toISOString(); };

  // Without network: the visits as the device holds them, each with its form.
  async function standIn() {
    const box = document.querySelector("#offline-visits"), lead = document.querySelector("#offline-lead");
    const held = await day();
    me = held?.who || "";
    await panel(document.querySelector("#offline-queue"), "offline");
    if (!held) {
      lead.textContent = "This device holds no visits for today. They are kept when you open your tasks with network.";
      return;
    }
    const waits = new Set((await queued()).map((item) => item.key));
    lead.textContent = `${held.visits.length === 1 ? "One task" : `${held.visits.length} tasks`} of yours as of ${held.clock}. What you write is kept on this device and sent when the network is back.`;
    for (const visit of held.visits) box.append(await card(visit, held, waits.has(visit.key)));
  }
  async function card(visit, held, waits) {
    const one = made("details", "", { className: "card" });
    one.dataset.key = visit.key;
    const summary = made("summary");
    summary.append(made("strong", `${visit.when} ${visit.name}`), made("span", ` ${visit.words}`, { className: "quiet" }));
    one.append(summary);
    if (visit.where) one.append(made("p", visit.where));
    if (visit.phone) { const p = made("p"); p.append(made("a", `Ring ${visit.phone}`, { href: `tel:${visit.phone.replaceAll(" ", "")}` })); one.append(p); }
    if (visit.know) one.append(made("p", visit.know, { className: "said" }));
    if (waits) { one.append(made("p", "Written; it waits to be sent.", { className: "quiet" })); return one; }
    one.append(await form(visit, held, one));
    return one;
  }
  function field(name, label, input) {
    const id = `o-${name}-${Math.random().toString(36).slice(2)}`, box = made("div", "", { className: "field" });
    input.id = id; input.name = name; input.classList.add("input");
    box.append(made("label", label, { htmlFor: id }), input);
    return box;
  }
  async function form(visit, held, card) {
    const it = made("form");
    const outcome = made("select");
    for (const [value, words] of [["", "It was done"], ...held.outcomes]) outcome.append(made("option", words, { value }));
    it.append(field("note", "Note", made("textarea", "", { rows: 5, maxLength: 20000 })), field("outcome", "What came of it", outcome));
    if (visit.visit) {
      const times = made("div", "", { className: "figures-in" });
      times.append(field("started", "Began at", made("input", "", { type: "time" })), field("ended", "Ended at, now if empty", made("input", "", { type: "time" })));
      const measured = made("details", "", { className: "measured" }), inside = made("div", "", { className: "figures-in" });
      for (const [name, words, unit] of held.kinds) inside.append(field(name, unit ? `${words}, ${unit}` : words, made("input", "", { type: "text", autocomplete: "off" })));
      measured.append(made("summary", "What was measured"), inside);
      it.append(times, measured);
    }
    const row = made("p", "", { className: "buttons" }), state = made("p", "", { className: "quiet" });
    row.append(made("button", "Keep it, and send it later", { className: "button" }));
    it.append(row, state);
    const begun = await show(`begun:${visit.key}`);
    if (begun) { for (const [name, value] of Object.entries(begun)) if (it.elements[name]) it.elements[name].value = value; state.textContent = "What you wrote before is here again."; card.open = true; }
    let timer;
    it.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(async () => { await hide(`begun:${visit.key}`, values(it)); state.textContent = `Kept on this device at ${clock(new Date())}`; }, 600); });
    it.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      await enqueue(visit, held.who, values(it));
      await drop(`begun:${visit.key}`);
      it.replaceWith(made("p", "Written; it waits to be sent.", { className: "quiet" }));
      await panel(document.querySelector("#offline-queue"), "offline");
      say("Kept on this device");
      if (navigator.onLine) again();
    });
    return it;
  }
  const values = (it) => Object.fromEntries([...it.elements].filter((el) => el.name).map((el) => [el.name, el.value]));
  async function enqueue(visit, who, fields) {
    const item = { ...fields, fields, id: crypto.randomUUID(), who, key: visit.key, person: visit.person, seen: visit.seen, title: `${visit.name}: ${visit.words}`, written: new Date().toISOString(), started: at(fields.started), ended: at(fields.ended) || new Date().toISOString() };
    await keepItem(item);
    return item;
  }

  // The network is back: what waits is sent, and the real list takes the place of this page.
  async function again() {
    const state = await send();
    if (state === "offline") return;
    if (shell) { if (!document.querySelector("#offline-visits textarea:focus")) location.assign(TASKS); return; }
    const box = document.querySelector("#offline-queue");
    if (box) await panel(box, state);
  }

  // The list, with network: the worker, the snapshot, and what waited.
  async function list() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(`${TASKS}worker.js`, { scope: TASKS }).catch(() => {});
    const box = made("div", "", { id: "offline-queue" });
    document.querySelector("[data-live-tasks]").before(box);
    const before = (await queued()).length;
    const state = await send();
    const answer = await fetch(`${TASKS}snapshot/`, { cache: "no-store", headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) {
      const fresh = await answer.json(), held = await show("day");
      if (held && held.who !== fresh.who) await wipeDay();
      await hide("day", fresh);
      await mark();
      me = fresh.who;
      document.documentElement.dataset.carried = fresh.visits.length;
    }
    await panel(box, state);
    const left = (await queued()).length;
    if (before > left) { say("What you wrote without network is sent"); if (!left) location.reload(); }
  }

  // A visit that is open when the network goes: its form waits on the device like the others.
  function visitPage(it) {
    it.addEventListener("draft:unsent", async (event) => {
      if (await fetch("/drafts/token/", { cache: "no-store" }).then(() => true, () => false)) return; // the page says why
      const fields = values(it), held = await day();
      const who = held?.who || it.dataset.who;
      if (!who) return;
      event.detail.let();
      await enqueue({ key: it.dataset.key, person: Number(it.dataset.draftPerson), seen: Number(fields.seen), name: it.dataset.name, words: it.dataset.words }, who, fields);
      const said = made("div", "", { className: "notice notice-info" });
      said.setAttribute("role", "status");
      said.append(made("p", "There is no network. What you wrote is kept on this device, and is sent when the network is back."), made("a", "Your other tasks", { href: TASKS }));
      it.replaceWith(said);
    });
  }

  addEventListener("online", again);
  if (shell) { standIn(); setInterval(() => { if (navigator.onLine) fetch("/drafts/token/", { cache: "no-store" }).then(() => again(), () => {}); }, 15000); }
  else if (document.querySelector("[data-live-tasks]")) list();
  const visit = document.querySelector("form[data-offline-visit]");
  if (visit) visitPage(visit);
})();
