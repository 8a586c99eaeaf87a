// A board, live: the stream sends the figures that changed. Who is here the page asks for itself, where one of our places changed,
// at most twice a second and less often where the answers take long. The focus stays on its row, what is being chosen is not disturbed.
"use strict";
(() => {
  const live = document.getElementById("board-live");
  const { say, ages, setClock, folds } = window.onesystem || {};
  if (!live || !say) return;
  const parts = () => document.getElementById("parts");
  let heard = parts().dataset.change, asked = 0, took = 0, waiting, speaking, changes = 0;

  const busy = () => live.contains(document.activeElement) && document.activeElement.matches("select:open, select[data-open], input:not([type=hidden])");

  function mark() {
    const el = document.activeElement;
    if (!live.contains(el)) return null;
    return { row: el.closest("tr")?.id, name: el.getAttribute("name"), value: el.getAttribute("value"), href: el.getAttribute("href") };
  }
  function giveBack(was) {
    const row = was?.row && document.getElementById(was.row);
    if (!row) return;
    const same = [...row.querySelectorAll("a, button, select")].find((el) => el.getAttribute("name") === was.name && el.getAttribute("value") === was.value && el.getAttribute("href") === was.href);
    (same || row.querySelector("button, a"))?.focus({ preventScroll: true });
  }

  async function refresh() {
    waiting = null;
    if (busy()) { waiting = setTimeout(refresh, 1000); return; }
    asked = Date.now();
    const url = new URL(live.dataset.parts, location.href);
    new URLSearchParams(location.search).forEach((value, key) => url.searchParams.set(key, value));
    url.searchParams.set("look", parts().dataset.look);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    took = Date.now() - asked;
    if (!answer.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const was = mark();
    const before = document.getElementById("headline")?.textContent;
    parts().replaceWith(holder.content.querySelector("#parts"));
    folds();
    giveBack(was);
    ages(live);
    window.onesystem.turn?.();
    document.documentElement.dataset.heard = heard;
    announce(before);
  }
  function announce(before) {
    const headline = document.getElementById("headline")?.textContent;
    changes += 1;
    if (!speaking) speaking = setTimeout(() => {
      if (headline !== before || changes > 1) say(`${live.dataset.name}: ${document.getElementById("headline").textContent}`);
      speaking = null; changes = 0;
    }, 8000);
  }
  function soon() {
    if (!waiting) waiting = setTimeout(refresh, Math.max(Math.random() * 100, Math.max(600, 5 * took) - (Date.now() - asked)));
  }

  // One gesture: the button says it, the stream brings what came of it.
  live.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-gesture]");
    if (!form) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    if (form.dataset.doing) return;
    form.dataset.doing = "1";
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Board": "1" } });
    delete form.dataset.doing;
    if (answer.ok) { say("Saved."); asked = 0; clearTimeout(waiting); document.activeElement?.tagName === "SELECT" && document.activeElement.blur(); waiting = setTimeout(refresh, 20); return; }
    const told = answer.status === 409 ? await answer.text() : "It was not saved. Load the page again, and try once more.";
    say(told);
    const note = Object.assign(document.createElement("p"), { className: "notice notice-bad", textContent: told });
    note.setAttribute("role", "alert");
    form.after(note);
    setTimeout(() => note.remove(), 12000);
  });
  live.addEventListener("change", (event) => {
    const chosen = event.target.closest("select[data-do]");
    if (!chosen) return;
    const form = chosen.form;
    form.requestSubmit(form.querySelector(`button[value="${chosen.dataset.do}"]`));
  });

  function changed(event) {
    const said = JSON.parse(event.data);
    heard = event.lastEventId || heard;
    setClock(said.at);
    for (const [code, at] of Object.entries(said.heard || {})) {
      for (const time of document.querySelectorAll("time[data-heard]")) if (time.dataset.heard === code) time.dateTime = at;
    }
    ages();
    const state = document.getElementById("live-state");
    if (state) state.textContent = `Live, as of ${said.clock}.`;
    for (const clock of live.querySelectorAll(".as-of")) clock.textContent = said.clock;
    const ours = new Set(parts().dataset.watch.split(" "));
    const told = live.dataset.board && !document.querySelector("#parts .part-people");
    if (!told && Object.keys(said.rows).some((id) => ours.has(id))) soon();
  }
  // Figures as the stream sends them: rows, parts, the first line and the sources, each in its place.
  function figures(event) {
    const said = JSON.parse(event.data);
    heard = event.lastEventId || heard;
    const places = Object.entries(said.pieces || {}).map(([id, html]) => [document.getElementById(id), html]);
    if (said.whole || places.some(([place, html]) => html && !place)) { soon(); return; }
    const was = mark(), before = document.getElementById("headline").textContent;
    for (const [place, html] of places) {
      const holder = document.createElement("template");
      holder.innerHTML = html;
      place?.replaceWith(holder.content);
    }
    parts().dataset.watch = said.watch.join(" ");
    giveBack(was);
    ages(live);
    window.onesystem.turn?.();
    document.documentElement.dataset.heard = heard;
    announce(before);
  }
  window.onesystem.follow({
    where: { board: live.dataset.board },
    heard: () => heard,
    on: {
      now: changed,
      board: figures,
      refresh: (event) => { heard = event.lastEventId || heard; setTimeout(soon, Math.random() * 2000); },
    },
    lost: () => {
      const state = document.getElementById("live-state");
      if (state) state.textContent = "The live stream is interrupted; trying again.";
    },
  });
})();
