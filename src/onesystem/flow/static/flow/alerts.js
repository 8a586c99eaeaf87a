// Alerts come and close by themselves: the list is asked for anew, unless somebody is writing in it.
"use strict";
(() => {
  const list = () => document.getElementById("alerts");
  const busy = () => [...list().querySelectorAll("input[name=text]")].some((el) => el.value || el === document.activeElement);
  const mark = (el) => list().contains(el) && [el.closest("[id^=alert-card]")?.id, el.tagName, el.textContent];
  function giveBack([card, tag, text]) {
    const same = [...document.querySelectorAll(`#${card} ${tag}`)].find((el) => el.textContent === text);
    same?.focus({ preventScroll: true });
  }
  async function again() {
    if (document.hidden || busy()) return;
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected || busy()) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector("#alerts");
    if (!fresh) return;
    for (const shown of list().querySelectorAll("details[open]")) fresh.querySelector(`#${shown.id}`)?.setAttribute("open", "");
    if (fresh.dataset.open !== list().dataset.open) window.onesystem?.say(fresh.querySelector(".lead, .empty-title").textContent);
    const was = mark(document.activeElement);
    list().replaceWith(fresh);
    if (was?.[0]) giveBack(was);
  }
  setInterval(again, 15000);
})();
