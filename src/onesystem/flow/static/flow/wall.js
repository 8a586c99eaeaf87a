// The wall: whole rows as they fit the screen, one page after another, until it is told to stop.
// A block is a part of a board, or a group of the Now board's rows.
"use strict";
(() => {
  const root = document.querySelector("[data-turn]");
  const hold = document.getElementById("hold"), where = document.getElementById("turn");
  if (!root || !hold || !window.onesystem) return;
  const blocks = () => [...root.querySelectorAll(root.dataset.blocks)];
  const rowsOf = (block) => [...block.querySelectorAll("tr:not(.group)")].filter((row) => row.closest("tbody"));
  const tall = (el) => el.getBoundingClientRect().height;
  let page = 0, pages = [[]], stopped = false;

  function cut() {
    const every = blocks();
    for (const block of every) { block.hidden = false; rowsOf(block).forEach((row) => { row.hidden = false; }); }
    if (!every.length) return;
    const room = innerHeight - 60 - every[0].getBoundingClientRect().top;
    let now = [], left = room;
    pages = [];
    const turn = () => { pages.push(now); now = []; left = room; };
    for (const block of every) {
      const rows = rowsOf(block), head = tall(block) - rows.reduce((sum, row) => sum + tall(row), 0) + 16;
      let some = [], need = head;
      for (const row of rows) {
        if (need + tall(row) > left && (now.length || some.length)) {
          if (some.length) now.push([block, some]);
          turn();
          some = []; need = head;
        }
        some.push(row);
        need += tall(row);
      }
      if (!rows.length && need > left && now.length) turn();
      now.push([block, some]);
      left -= need;
    }
    if (now.length) pages.push(now);
    show();
  }
  function show() {
    if (!pages.length) return;
    page %= pages.length;
    const on = new Map(pages[page]);
    for (const block of blocks()) {
      block.hidden = !on.has(block);
      rowsOf(block).forEach((row) => { row.hidden = on.has(block) && !on.get(block).includes(row); });
    }
    hold.hidden = pages.length < 2;
    where.textContent = pages.length > 1 ? `${page + 1} of ${pages.length}` : "";
  }
  hold.addEventListener("click", () => { stopped = !stopped; hold.textContent = stopped ? "Turn on" : "Stop turning"; hold.setAttribute("aria-pressed", stopped); });
  addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") { page += 1; show(); }
    if (event.key === "ArrowLeft") { page += pages.length - 1; show(); }
  });
  addEventListener("resize", cut);
  setInterval(() => { if (!stopped && pages.length > 1) { page += 1; show(); } }, Number(root.dataset.turn) * 1000);
  window.onesystem.turn = cut;
  cut();
})();
