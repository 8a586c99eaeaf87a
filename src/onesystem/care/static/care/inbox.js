// An inbox by keyboard, live. Forms come in under the row that they are of; the focus never moves
// by itself, an open form is never closed, and one polite line says what happened. Without this
// script everything works by whole pages.
"use strict";
(() => {
  const bulk = document.getElementById("bulk");
  const { say, ages, setClock } = window.onesystem || {};
  if (!bulk || !say) return;
  const $ = (id) => document.getElementById(id);
  const list = () => $("list");
  const boxes = () => [...list().querySelectorAll("input[name=r]")];
  const chosen = () => boxes().filter((box) => box.checked);
  const keysOn = () => window.onesystem.keysOn?.() ?? true;
  let heard = list().dataset.change, fresh = new Set(), moved = new Set(), speaking, told = [];

  // What is chosen, and what can be done with it.
  function count() {
    const many = chosen().length;
    bulk.classList.toggle("some", many > 0);
    $("chosen").textContent = many ? `${many} chosen` : "Choose requests by their boxes";
    for (const box of boxes()) box.closest("tr").classList.toggle("chosen", box.checked);
    const every = $("every");
    if (every) { every.checked = many > 0 && many === boxes().length; every.indeterminate = many > 0 && !every.checked; }
  }
  document.addEventListener("change", (event) => {
    if (event.target.id === "every") for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.id === "every" || event.target.name === "r") count();
  });

  // A part of a page, asked for by its own address.
  async function ask(url, body) {
    const options = { headers: { "X-Inbox": "1" } };
    if (body) Object.assign(options, { method: "POST", body });
    try {
      const answer = await fetch(url, options);
      if (answer.redirected && answer.url.includes("/account/login/")) return { status: 401, text: "" };
      return { status: answer.status, text: await answer.text() };
    } catch { return { status: 0, text: "" }; }
  }
  function made(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    for (const other of holder.content.querySelectorAll("noscript")) other.remove();
    return holder.content.firstElementChild;
  }
  function failed(answer) {
    const words = answer.status === 401 ? "You are signed out. Sign in in another tab, and try again: nothing here is lost."
      : answer.status === 0 ? "No network. Nothing here is lost; try again." : "It was not done. Load the page again, and try once more.";
    const old = document.querySelector(".inbox-lost");
    const note = old || Object.assign(document.createElement("p"), { className: "notice notice-bad inbox-lost" });
    note.setAttribute("role", "alert");
    note.textContent = words;
    if (!old) (document.querySelector(".inbox-form .buttons") || $("results")).before(note);
  }

  // Where a form opens: under its row where it is of one, above the list where it is of many.
  let came = null; // where the focus was
  function place(node, row) {
    closeForms();
    if (row) {
      const held = document.createElement("tr"), cell = document.createElement("td");
      held.className = "row-form";
      held.dataset.of = row.id;
      cell.colSpan = row.children.length;
      cell.append(node);
      held.append(cell);
      row.after(held);
    } else $("results").replaceChildren(node);
    return node;
  }
  function closeForms() {
    for (const held of document.querySelectorAll("tr.row-form")) held.remove();
    $("results").replaceChildren();
  }
  function leave() {
    closeForms();
    const back = came && document.contains(came) ? came : document.querySelector("[data-rows] tbody a");
    back?.focus({ preventScroll: false });
  }
  function opened(node, row) {
    place(node, row);
    document.querySelector(".inbox-lost")?.remove();
    if (node.matches("form[data-draft]")) window.onesystem.keep?.(node);
    window.htmx?.process(node);
    const first = node.querySelector("[role=alert]") ? node.querySelector("button:not([type=button])") : node.querySelector("input:not([type=hidden]), textarea, select, button");
    (node.querySelector("textarea:placeholder-shown") && !node.querySelector("input[type=radio], input[type=search]") ? node.querySelector("textarea") : first)?.focus();
    node.scrollIntoView({ block: "nearest" });
  }
  const rowOf = (values) => (values.length === 1 ? $(`r-${values[0].split(".")[0]}`) : null);

  async function run(body, row) {
    if (bulk.dataset.doing) return;
    bulk.dataset.doing = "1";
    const answer = await ask(bulk.action, body);
    delete bulk.dataset.doing;
    if (![200, 422].includes(answer.status)) return failed(answer);
    const node = made(answer.text);
    if (node.matches("form")) {
      opened(node, row);
      const trouble = node.querySelector("[role=alert]");
      if (trouble) say(trouble.textContent.trim().replace(/\s+/g, " "));
      return;
    }
    const done = (node.dataset.done || "").split(" ").filter(Boolean);
    closeForms();
    for (const id of done) { const box = $(`x-${id}`); if (box) box.checked = false; moved.add(id); }
    count();
    if (node.querySelector("li")) $("results").replaceChildren(node);
    say(node.dataset.said);
    onward(row, done);
  }
  // After an act the focus goes to the next row that was not done: triage is one key after another.
  function onward(row, done) {
    const at = row || done.map((id) => $(`r-${id}`)).find(Boolean);
    if (!at) return;
    let next = at;
    do next = next.nextElementSibling; while (next && (!next.id || done.includes(next.id.slice(2)) || next.classList.contains("moved")));
    (next || at).querySelector("a")?.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form !== bulk && !form.matches(".inbox-form"))) return;
    event.preventDefault();
    came = form === bulk ? event.submitter : came;
    const body = new FormData(form, event.submitter);
    const one = body.get("one");
    if (one) body.delete("r");
    if (form === bulk && !one && !body.getAll("r").length) {
      const row = document.activeElement?.closest("#list tr[id]");
      if (!row) return say("Choose a request first: x chooses the row that you are in");
      body.append("r", row.querySelector("input[name=r]").value);
    }
    const values = one ? [one.split(":")[1]] : body.getAll("r");
    run(body, rowOf(values));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) { event.preventDefault(); leave(); }
  });
  function act(verb) {
    const button = bulk.querySelector(`button[data-verb="${verb}"]`);
    const row = document.activeElement?.closest("#list tr[id]");
    const picks = chosen().map((box) => box.value);
    const values = picks.length ? picks : row ? [row.querySelector("input[name=r]").value] : [];
    if (!button || !values.length) return say("Choose a request first: j goes to the first row");
    came = document.activeElement;
    const body = new FormData(bulk);
    body.delete("r");
    body.set("do", verb);
    for (const value of values) body.append("r", value);
    run(body, rowOf(values));
  }

  // Keys. They are off while somebody types, and can be switched off altogether.
  const verbs = Object.fromEntries([...bulk.querySelectorAll("button[aria-keyshortcuts]")].map((b) => [b.getAttribute("aria-keyshortcuts"), b.dataset.verb]));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.(".inbox-form") && !event.target.matches("select")) { event.preventDefault(); return leave(); }
    const typing = event.target.isContentEditable || event.target.matches?.("textarea, select, input:not([type=checkbox]):not([type=radio])");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || event.defaultPrevented || !keysOn()) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.(".inbox-form")) return;
    const row = document.activeElement?.closest("#list tr[id]");
    if (event.key === "x" && row) {
      event.preventDefault();
      const box = row.querySelector("input[name=r]");
      box.checked = !box.checked;
      count();
      say(`${box.checked ? "Chosen" : "Not chosen"}. ${$("chosen").textContent}`);
    } else if (event.key === "m" && row) {
      event.preventDefault();
      row.querySelector(".acts button:last-child")?.click();
    } else if (event.key === "n" && !$("fresh").hidden) {
      event.preventDefault();
      renew();
    } else if (event.key === "/") {
      const words = $("f-q");
      if (words) { event.preventDefault(); event.stopImmediatePropagation(); words.focus(); words.select(); }
    } else if (verbs[event.key] && (row || chosen().length)) {
      event.preventDefault();
      act(verbs[event.key]);
    }
  }, true);

  // Live: what changed of a row takes its place; what is new is offered, never pushed in.
  function put(id, said) {
    const row = $(`r-${id}`);
    const tab = list().dataset.tab;
    if (!row) {
      const whole = tab === "open" || tab === "overdue"; // to these a request comes once, not with each act
      if (said.tabs.includes(tab) && (said.came || (said.moves && !whole))) fresh.add(id);
      return false;
    }
    const box = row.querySelector("input[name=r]");
    const before = box.value;
    if (before === said.value) return false;
    box.value = said.value;
    const focus = document.activeElement, held = row.contains(focus) && focus.closest("td.acts") ? focus.id : "";
    const cells = [...row.children].slice(-4);
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tr>${said.html}</tr></table>`;
    const anew = [...holder.content.querySelector("tr").children];
    cells.forEach((cell, i) => cell.replaceWith(anew[i]));
    if (said.due) row.dataset.due = new Date(said.due).toISOString(); else delete row.dataset.due;
    const gone = !said.tabs.includes(tab);
    row.classList.toggle("moved", gone);
    if (gone) moved.add(id); else moved.delete(id);
    if (held) ($(held) || row.querySelector("a"))?.focus({ preventScroll: true });
    ages(row);
    warn(id, said.said);
    return true;
  }
  // A form that is open stays open; it says that somebody was quicker.
  function warn(id, words) {
    for (const form of document.querySelectorAll(".inbox-form")) {
      if (![...form.querySelectorAll("input[name=r]")].some((input) => input.value.split(".")[0] === id)) continue;
      const note = form.querySelector(".changed");
      if (note) { note.textContent = `Changed meanwhile: ${words}. What you wrote stays here.`; note.hidden = false; }
    }
  }
  function bar() {
    const parts = [];
    if (fresh.size) parts.push(`${fresh.size} new`);
    if (moved.size) parts.push(`${moved.size} moved on`);
    $("fresh").hidden = !parts.length;
    $("fresh").querySelector("span").textContent = parts.join(", ");
  }
  async function renew() {
    const kept = new Set(chosen().map((box) => box.id)), focus = document.activeElement;
    const row = focus?.closest("#list tr[id]")?.id, within = list().contains(focus) || $("fresh").contains(focus);
    const open = document.querySelector("tr.row-form");
    if (open) return say("Close the open form first: the list waits");
    const answer = await ask(location.href);
    if (answer.status !== 200) return failed(answer);
    list().replaceWith(made(answer.text));
    for (const box of boxes()) box.checked = kept.has(box.id);
    heard = String(Math.max(Number(heard), Number(list().dataset.change)));
    fresh = new Set(); moved = new Set();
    bar(); count(); ages(list());
    if (within) ((row && $(row)) || list()).querySelector("tbody a, a")?.focus();
    say("The list is as it is now");
  }
  $("fresh").querySelector("button").addEventListener("click", renew);

  function changed(event) {
    const said = JSON.parse(event.data);
    heard = event.lastEventId || heard;
    setClock(said.at);
    for (const [tab, many] of Object.entries(said.counts)) {
      const el = document.querySelector(`[data-count="${tab}"]`);
      if (el) el.textContent = many.toLocaleString("en-GB");
    }
    const before = fresh.size;
    let changes = 0;
    for (const [id, one] of Object.entries(said.rows)) changes += put(id, one);
    for (const id of said.gone) {
      const row = $(`r-${id}`);
      if (row && !row.classList.contains("moved")) { row.classList.add("moved"); moved.add(id); warn(id, "it went to another service"); }
    }
    bar();
    $("live-state").textContent = `Live, as of ${said.clock}.`;
    document.documentElement.dataset.heard = heard;
    if (fresh.size > before) told.push(`${fresh.size} new`);
    if (changes) told.push(`${changes} changed`);
    // Many changes make one sentence, at most every eight seconds.
    if (told.length && !speaking) speaking = setTimeout(() => { say(`Inbox: ${told.at(-1)}. New: ${said.counts.new}, overdue: ${said.counts.overdue}.`); told = []; speaking = null; }, 8000);
  }
  // A clock that runs out while the page is open says so by itself.
  setInterval(() => {
    for (const row of list().querySelectorAll("tr[data-due]")) {
      if (Date.parse(row.dataset.due) > Date.now()) continue;
      delete row.dataset.due;
      const cell = row.querySelector("td[data-label=Clock]");
      if (cell) cell.innerHTML = '<span class="tag tag-bad"><span aria-hidden="true">■</span> Overdue now</span>';
    }
  }, 15000);

  window.onesystem.follow({
    where: { inbox: bulk.dataset.service },
    heard: () => heard,
    on: {
      inbox: changed,
      refresh: (event) => { heard = event.lastEventId || heard; fresh.add("more"); bar(); },
    },
    lost: () => { $("live-state").textContent = "The live stream is interrupted; trying again."; },
  });
  ages(list());
  bulk.classList.add("scripted");
  count();
})();
