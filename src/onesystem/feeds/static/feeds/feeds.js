// The Feeds page, live. Whenever the live stream tells of a change the table is fetched anew, at most
// once a second; and every ten seconds without one, since a message that was set aside changes no board.
"use strict";
(() => {
  const sources = document.getElementById("sources");
  const address = document.body.dataset.stream;
  if (!sources || !window.htmx) return;
  const SOON = 1000, LONG = 10000;
  let fetched = Date.now(), due, source;

  function renew() {
    clearTimeout(due);
    due = setTimeout(renew, LONG);
    fetched = Date.now();
    if (!document.hidden) htmx.trigger(sources, "news");
  }

  function told() {
    const wait = fetched + SOON - Date.now();
    if (wait <= 0) return renew();
    clearTimeout(due);
    due = setTimeout(renew, wait);
  }

  function connect() {
    source = new EventSource(address, { withCredentials: true });
    source.addEventListener("open", () => { sources.dataset.live = "yes"; });
    for (const name of ["now", "refresh"]) source.addEventListener(name, told);
    source.addEventListener("end", () => { source.close(); setTimeout(connect, 500); });
    source.addEventListener("error", () => {
      delete sources.dataset.live;
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    });
  }

  due = setTimeout(renew, LONG);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) told(); });
  if (!address || !window.EventSource) return;
  connect();
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
})();
