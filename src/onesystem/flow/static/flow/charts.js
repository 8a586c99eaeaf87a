// Reading a chart by keyboard and by pointer. Without script the table below says the same.
"use strict";
for (const hold of document.querySelectorAll(".spc-hold[data-points]")) {
  const points = JSON.parse(hold.dataset.points);
  const svg = hold.querySelector("svg");
  const out = hold.parentElement.querySelector(".spc-reading");
  if (!points.length || !svg) continue;
  const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  ring.setAttribute("class", "spc-cursor");
  ring.setAttribute("r", "9");
  let here = points.length - 1;
  let shown = false;

  function show(place) {
    here = Math.max(0, Math.min(points.length - 1, place));
    ring.setAttribute("cx", points[here][0]);
    ring.setAttribute("cy", points[here][1]);
    if (!shown) { svg.append(ring); shown = true; }
    out.textContent = points[here][2];
  }
  function go() { if (points[here][3]) location.href = points[here][3]; }

  hold.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) { event.preventDefault(); show(shown ? here + step : here); }
    else if (event.key === "Home") { event.preventDefault(); show(0); }
    else if (event.key === "End") { event.preventDefault(); show(points.length - 1); }
    else if (event.key === "Enter" && shown) go();
  });
  function nearest(event) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    let best = 0;
    for (let i = 1; i < points.length; i++) if (Math.abs(points[i][0] - x) < Math.abs(points[best][0] - x)) best = i;
    return best;
  }
  svg.addEventListener("pointermove", (event) => show(nearest(event)));
  svg.addEventListener("click", (event) => { show(nearest(event)); go(); });
}
