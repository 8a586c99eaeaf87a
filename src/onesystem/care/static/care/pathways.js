// Searching as one types with the keys, and opening all that is folded. Without it all works by links.
"use strict";
(() => {
  const field = document.querySelector("[data-finds]");
  const links = () => [...document.querySelectorAll(`#${field.dataset.finds} a`)];
  if (field) {
    // On this page "/" is the search for a pathway: before the page's own, which is for people.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.focus();
      field.select();
    }, true);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const all = links(), here = all.indexOf(document.activeElement);
      if (document.activeElement !== field && here < 0) return;
      event.preventDefault();
      const to = event.key === "ArrowDown" ? here + 1 : here - 1;
      if (to < 0) field.focus(); else all[Math.min(to, all.length - 1)]?.focus();
    });
    field.form.addEventListener("submit", (event) => {
      const first = links()[0];
      if (first && field.value.trim() && field.dataset.typed === field.value) { event.preventDefault(); location.assign(first.href); }
    });
    document.addEventListener("htmx:afterSwap", () => { field.dataset.typed = field.value; });
  }
  const all = document.querySelector("[data-open-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const folds = [...document.querySelectorAll("article.pathway details:not(.rule)")], open = folds.some((f) => !f.open);
      for (const fold of folds) fold.open = open;
      all.textContent = open ? "Fold everything" : "Open everything";
    });
  }
  // What is asked for by its place stands in a fold: open it.
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = place; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  addEventListener("hashchange", () => {
    const el = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = el; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    el?.scrollIntoView({ block: "nearest" });
    if (el?.matches("input, textarea, select")) el.focus();
  });
})();
