// A part of a page that is asked for anew every so many seconds, unless somebody is writing in it.
// What is unfolded stays so, the focus stays where it was, and a count that changed is said.
"use strict";
(() => {
  const id = document.querySelector("[data-again]")?.id;
  if (!id) return;
  const part = () => document.getElementById(id);
  const busy = () => [...part().querySelectorAll("input[name=text]")].some((el) => el.value || el === document.activeElement);
  const mark = (el) => part().contains(el) && { card: el.closest("[id]").id, tag: el.tagName, text: el.textContent };
  function giveBack(was) {
    [...(document.getElementById(was.card)?.querySelectorAll(was.tag) || [])].find((el) => el.textContent === was.text)?.focus({ preventScroll: true });
  }
  async function again() {
    if (document.hidden || busy()) return;
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || busy()) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.getElementById(id);
    if (!fresh) return;
    for (const shown of part().querySelectorAll("details[open]")) holder.content.getElementById(shown.id)?.setAttribute("open", "");
    const told = fresh.dataset.count !== part().dataset.count && fresh.querySelector(".lead, .empty-title");
    const was = mark(document.activeElement);
    part().replaceWith(fresh);
    if (was) giveBack(was);
    if (told) window.onesystem?.say(told.textContent);
  }
  setInterval(again, Number(part().dataset.again) * 1000);
})();
