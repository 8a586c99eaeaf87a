// Groups of rows that fold. On a phone they are folded until they are asked for, but for the first
// where the page says so; each says how many of its rows ask for a look. What was chosen stays.
"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const narrow = matchMedia("(max-width: 40em)");
  const key = `folds ${location.pathname}`;
  const chosen = new Map(JSON.parse(sessionStorage.getItem(key) || "[]"));
  const body = (head) => document.getElementById(head.getAttribute("aria-controls"));

  function folds() {
    const heads = [...document.querySelectorAll("button.fold")];
    heads.forEach((head, i) => {
      const first = i === 0 && head.closest("table").hasAttribute("data-first-open");
      const open = chosen.get(head.dataset.fold) ?? (!narrow.matches || heads.length < 2 || first);
      head.setAttribute("aria-expanded", open);
      body(head).classList.toggle("folded", !open);
      const asking = [...body(head).rows].filter((row) => row.querySelector(".tag-warn, .tag-bad")).length;
      const said = head.parentElement.querySelector(".asking");
      if (said) said.textContent = asking ? `, ▲ ${asking}` : "";
    });
  }
  document.addEventListener("click", (event) => {
    const head = event.target.closest("button.fold");
    if (!head) return;
    chosen.set(head.dataset.fold, head.getAttribute("aria-expanded") !== "true");
    sessionStorage.setItem(key, JSON.stringify([...chosen]));
    folds();
  });
  document.addEventListener("click", (event) => {
    const all = event.target.closest("button.all-figures");
    if (all) all.setAttribute("aria-pressed", document.documentElement.classList.toggle("every-figure"));
  });
  narrow.addEventListener("change", folds);
  window.onesystem.folds = folds;
  folds();
})();
