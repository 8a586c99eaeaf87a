// The Now board, live. The stream sends the rows that changed, made once for everybody; a page puts
// each in the place of the row with its id. Nothing that holds the focus is lost, and one polite
// line says what happened.
"use strict";
(() => {
  const board = document.getElementById("board");
  const address = document.body.dataset.stream;
  const pulse = document.getElementById("pulse");
  if (!address || !window.EventSource || !window.onesystem) return;
  const { say, ages, setClock, folds } = window.onesystem;
  let heard = board ? board.dataset.change : "0";
  let source, moved = new Set(), speaking;

  function put(id, html) {
    const old = document.getElementById(id);
    if (!old) return false;
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const row = holder.content.firstElementChild;
    const focus = old.contains(document.activeElement);
    old.replaceWith(row);
    row.classList.add("moved");
    ages(row);
    if (focus) row.querySelector("a, button")?.focus({ preventScroll: true });
    return true;
  }

  async function catchUp() {
    const answer = await fetch(`/now/rows/${location.search}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || !board) return location.reload();
    const focus = document.activeElement?.closest("#board tr")?.id;
    const holder = document.createElement("template");
    holder.innerHTML = `<table>${await answer.text()}</table>`;
    board.querySelectorAll("tbody").forEach((body) => body.remove());
    board.append(...holder.content.querySelectorAll("tbody"));
    if (focus) document.getElementById(focus)?.querySelector("a, button")?.focus({ preventScroll: true });
    ages(board);
    folds();
    window.onesystem.turn?.();
  }

  function summarise(headline) {
    // Many changes make one sentence, at most every eight seconds.
    if (speaking) return;
    speaking = setTimeout(() => {
      say(`${moved.size} ${moved.size === 1 ? "service" : "services"} changed. ${headline || ""}`);
      moved.clear();
      speaking = null;
    }, 8000);
  }

  function changed(event) {
    const said = JSON.parse(event.data);
    heard = event.lastEventId || heard;
    setClock(said.at);
    let missing = false;
    for (const [id, html] of Object.entries(said.rows)) {
      if (put(id, html)) moved.add(id);
      else missing = true;
    }
    for (const [code, at] of Object.entries(said.heard || {})) {
      for (const time of document.querySelectorAll("time[data-heard]")) if (time.dataset.heard === code) time.dateTime = at;
    }
    ages();
    folds();
    if (Object.keys(said.rows).length) window.onesystem.turn?.();
    if (missing && board && !("narrow" in board.dataset)) catchUp();
    if (missing && !board) return location.reload();
    const headline = document.getElementById("headline");
    if (headline && said.headline) headline.textContent = said.headline;
    const last = document.getElementById("last-event");
    if (last && said.last) {
      last.innerHTML = "";
      const time = Object.assign(document.createElement("time"), { className: "ago", dateTime: said.last });
      last.append(time);
      ages(last);
    }
    const state = document.getElementById("live-state");
    if (state) state.textContent = `Live, as of ${said.clock}.`;
    if (moved.size) summarise(said.headline);
    document.documentElement.dataset.heard = heard;
  }

  function connect() {
    const url = new URL(address, location.href);
    url.searchParams.set("after", heard);
    source = new EventSource(url, { withCredentials: true });
    source.addEventListener("open", () => { pulse?.classList.add("live"); pulse?.classList.remove("lost"); });
    source.addEventListener("now", changed);
    source.addEventListener("refresh", (event) => {
      heard = event.lastEventId || heard;
      setTimeout(catchUp, Math.random() * 2000); // every open page hears this at once
    });
    source.addEventListener("end", () => { source.close(); setTimeout(connect, 500); });
    source.addEventListener("error", () => {
      pulse?.classList.remove("live");
      pulse?.classList.add("lost");
      const state = document.getElementById("live-state");
      if (state) state.textContent = "The live stream is interrupted; trying again.";
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    });
  }
  connect();
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
})();
