// The little that pages do by themselves. Everything works without it, but for the live updates.
"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const root = document.documentElement;
  const typing = (el) => el && (el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === "INPUT" && !/^(checkbox|button|submit)$/.test(el.type)));

  // Light and dark: the choice is kept in a cookie, so that the server sends the page in it.
  $("[data-theme-toggle]")?.addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    say(dark ? "Light" : "Dark");
  });

  // One polite voice for everything that changes by itself.
  function say(text) {
    const voice = $("#said");
    if (voice) voice.textContent = text;
  }

  // Ages stay true while a page is open. The words are those of the server's `age`.
  const inLanguage = JSON.parse(document.body.dataset.ages || "{}"); // only where it is not English
  const word = (w) => inLanguage[w] || w;
  const framed = (w, s) => word(w).replace("{length}", lengthOf(s));
  function lengthOf(s) {
    s = Math.abs(Math.floor(s));
    if (s < 60) return `${s} ${word("s")}`;
    let m = Math.floor(s / 60);
    if (m < 60) return `${m} ${word("min")}`;
    let h = Math.floor(m / 60);
    m %= 60;
    if (h < 48) return m ? `${h} ${word("h")} ${String(m).padStart(2, "0")} ${word("min")}` : `${h} ${word("h")}`;
    const d = Math.floor(h / 24);
    h %= 24;
    return h ? `${d} ${word("d")} ${h} ${word("h")}` : `${d} ${word("d")}`;
  }
  // The district's clock less ours, in ms: as the page was made, then as the live stream says.
  let skew = Number(document.body.dataset.now) * 1000 - Date.now() || 0;
  function ages(from = document) {
    const now = Date.now() + skew;
    for (const el of from.querySelectorAll("time.ago")) {
      const s = (now - Date.parse(el.dateTime)) / 1000;
      const words = Math.abs(s) < 5 ? word("just now") : framed(s > 0 ? "{length} ago" : "in {length}", s);
      if (el.textContent !== words) el.textContent = words;
    }
    for (const el of from.querySelectorAll("time.since")) {
      const words = lengthOf((now - Date.parse(el.dateTime)) / 1000);
      if (el.textContent !== words) el.textContent = words;
    }
  }
  setInterval(ages, 5000);
  // The live stream of a page: `where` says which part of it, `heard` after which event to go on,
  // `on` what is done at each. A page that comes back from the browser's memory goes on by itself.
  function follow({ where = {}, heard = () => "", on, lost = () => {} }) {
    const address = document.body.dataset.stream, pulse = $("#pulse");
    if (!address || !window.EventSource) return;
    let source;
    const connect = () => {
      const url = new URL(address, location.href);
      for (const [name, value] of Object.entries({ ...where, after: heard() })) if (value) url.searchParams.set(name, value);
      source = new EventSource(url, { withCredentials: true });
      source.addEventListener("open", () => { pulse?.classList.add("live"); pulse?.classList.remove("lost"); root.dataset.live = "1"; });
      for (const [name, act] of Object.entries(on)) source.addEventListener(name, act);
      source.addEventListener("end", () => { source.close(); setTimeout(connect, 500); });
      source.addEventListener("error", () => {
        pulse?.classList.remove("live");
        pulse?.classList.add("lost");
        lost();
        if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
      });
    };
    connect();
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  }

  window.onesystem = { say, ages, follow, lengthOf, setClock: (at) => { skew = Date.parse(at) - Date.now(); } };

  // Keys: never while somebody types, never with a modifier that the browser or a reader uses, and
  // never for those who switched them off (WCAG 2.1.4): kept in this browser.
  const keysOn = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  window.onesystem.keysOn = keysOn;
  const keys = $("[data-keys]");
  if (keys) {
    keys.checked = keysOn();
    keys.addEventListener("change", () => { try { localStorage.setItem("keys", keys.checked ? "on" : "off"); } catch { /* closed: for this page only */ } });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(document.activeElement)) return document.activeElement.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!keysOn() && event.key.length === 1) return;
    if (event.key === "/") {
      const search = $("#search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      event.preventDefault();
      $("#shortcuts")?.showModal();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1, event);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (document.activeElement?.closest("[data-rows] tbody tr")) step(event.key === "ArrowDown" ? 1 : -1, event);
    }
  });
  function step(by, event) {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr")].filter((r) => r.offsetParent && $("a, button", r) && (!r.matches(".group") || r.closest(".folded")));
    if (!rows.length) return;
    event.preventDefault();
    const here = rows.indexOf(document.activeElement?.closest("tr"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by))];
    const link = $("a, button", next);
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  $("[data-shortcuts]")?.addEventListener("click", () => $("#shortcuts")?.showModal());

  // A menu closes when one goes elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details:is(.menu, .more)[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details:is(.menu, .more)[open]")) { menu.open = false; $("summary", menu).focus(); }
  });

  // A form for paper prints itself, where there is script.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // Filters apply when they change; without script the button does it.
  for (const form of document.querySelectorAll("form.filters[data-auto]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }

  $(".loop > ul [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // What waits: asked while the page is seen. A count that grows is said once, politely.
  const notices = $("[data-notices]");
  if (notices) {
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetch("/notices/unread/").catch(() => null);
      const unread = answer?.ok ? (await answer.json()).unread : null;
      if (unread === null || unread === Number(notices.dataset.notices)) return;
      const words = `${unread} ${unread === 1 ? "notice" : "notices"}`;
      if (unread > Number(notices.dataset.notices)) $("#said").textContent = `${words} now`;
      notices.dataset.notices = unread;
      notices.textContent = words;
      notices.hidden = !unread;
    };
    setInterval(ask, 30000);
    document.addEventListener("visibilitychange", ask);
    document.addEventListener("onesystem:notices", ask);
  }

  // A page that is longer than a second on its way says so. Reading can be stopped; an act goes on.
  const waits = $("#waits");
  let slow;
  const arrives = () => { clearTimeout(slow); waits.hidden = true; };
  const leaves = (acts) => {
    arrives();
    slow = setTimeout(() => {
      $("[data-reads]", waits).hidden = acts;
      $("[data-acts]", waits).hidden = !acts;
      waits.hidden = false;
      say($("p", waits).textContent.trim());
    }, 1000);
  };
  const isPlain = (event) => !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey);
  // A file comes beside the page, which stays.
  const isFile = (link) => link.download || /[?&]format=/.test(link.search) || /\.\w+$|\/(file|export|download|raw)\b/.test(link.pathname);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && isPlain(event) && !link.target && link.origin === location.origin && !isFile(link) && link.href.split("#")[0] !== location.href.split("#")[0]) leaves(false);
  });
  addEventListener("submit", (event) => { if (isPlain(event) && event.target.method !== "dialog") leaves(event.target.method === "post"); });
  $("button", waits).addEventListener("click", () => { window.stop(); arrives(); });
  addEventListener("pagehide", arrives);

  // A session ends: five minutes before, the page offers to go on.
  let until = Number(document.body.dataset.until || 0) * 1000;
  const leaving = $("#leaving");
  if (until && leaving) {
    setInterval(() => {
      const left = until - Date.now();
      // A page in which something is not kept yet stays (care/drafts.js); any other goes.
      if (left <= 0) {
        const going = document.dispatchEvent(new CustomEvent("onesystem:ended", { cancelable: true }));
        return going ? location.reload() : undefined;
      }
      if (left < 300000) {
        $("#leaving-in").textContent = lengthOf(left / 1000);
        if (!leaving.open) leaving.showModal();
      }
    }, 10000);
    window.onesystem.setUntil = (at) => { until = at * 1000; };
    $("[data-stay]").addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target), headers: { Accept: "application/json" } });
      if (!answer.ok) return location.reload();
      until = (await answer.json()).until * 1000;
      leaving.close();
    });
  }
})();
