// Care at home. The board asks for its rows anew where a service of theirs changed; the form of a
// package adds up what it costs as it is typed. Without this script the server does both.
"use strict";
(() => {
  const form = document.querySelector("form.start");
  if (form) {
    const symbol = form.dataset.symbol, cap = Number(form.dataset.cap);
    const money = (pence) => `${symbol}${Math.floor(pence / 100).toLocaleString("en-GB")}.${String(pence % 100).padStart(2, "0")}`;
    const add = () => {
      let total = 0;
      for (const row of form.querySelectorAll("tr[data-price]")) {
        const [a, b] = [...row.querySelectorAll("input[type=number]")].map((el) => Math.max(0, parseInt(el.value, 10) || 0));
        const sum = a * b * Number(row.dataset.price);
        row.querySelector("[data-sum]").textContent = money(sum);
        total += sum;
      }
      const out = form.querySelector("[data-total]");
      out.textContent = money(total);
      out.classList.toggle("cap-over", total > cap);
      form.querySelector("[data-over]").hidden = total <= cap;
    };
    form.addEventListener("input", add);
    form.addEventListener("change", add);
  }

  const board = document.querySelector("[data-live]");
  if (!board) return;
  let waiting = null, heard = "";
  async function refresh() {
    waiting = null;
    if (board.contains(document.activeElement) && document.activeElement.matches("input, select")) { waiting = setTimeout(refresh, 1000); return; }
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const at = document.activeElement?.closest("tr")?.id;
    board.innerHTML = await answer.text();
    if (at) document.querySelector(`#${CSS.escape(at)} a`)?.focus({ preventScroll: true });
    window.onesystem?.ages(board);
  }
  function changed(event) {
    const said = JSON.parse(event.data);
    heard = event.lastEventId || heard;
    const ours = (document.getElementById("at-home-rows")?.dataset.watch || "").split(" ");
    const rows = Object.keys(said.rows || {});
    if (!ours[0] || rows.some((id) => ours.includes(id))) { if (!waiting) waiting = setTimeout(refresh, 400 + Math.random() * 200); }
  }
  window.onesystem.follow({
    heard: () => heard,
    on: { now: changed, refresh: () => { if (!waiting) waiting = setTimeout(refresh, Math.random() * 2000); } },
  });
})();
