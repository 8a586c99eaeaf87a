// The list of tasks: brought up to date when something changes, ticked by keyboard.
"use strict";
(() => {
  const list = document.querySelector("[data-live-tasks]");
  if (!list) return;
  const busy = () => list.querySelector("input:checked") || list.contains(document.activeElement) && document.activeElement !== document.body;
  let waiting, heard = "";
  async function renew() {
    if (busy()) { // what somebody has in hand is not taken away under their fingers
      waiting = setTimeout(renew, 3000);
      return;
    }
    document.dispatchEvent(new Event("onesystem:notices")); // who is given a task is told of it too
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || busy()) return;
    const text = await answer.text();
    if (text === list.dataset.was) return;
    list.dataset.was = text;
    list.innerHTML = text;
    window.htmx?.process(list);
    window.onesystem?.say("The list has changed");
  }
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(renew, 300); };
  const told = (event) => { heard = event.lastEventId || heard; soon(); };
  window.onesystem.follow({ where: { inbox: ":tasks" }, heard: () => heard, on: { tasks: told, refresh: told } });
  setInterval(soon, 60000); // what only time changes: ready, overdue
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
    if (box && document.activeElement.tagName !== "INPUT") { event.preventDefault(); box.click(); }
  });
})();
