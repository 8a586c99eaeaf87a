// The worker of the list of tasks: without network it shows the empty page, which reads what the
// device holds. It keeps that page and its styles, and nothing that is about a person.
"use strict";
const SHELL = "{{ url('tasks:offline') }}", ASSETS = [{% for each in assets %}"{{ static(each) }}"{{ ", " if not loop.last }}{% endfor %}], CACHE = "tasks-shell";
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all([SHELL, ...ASSETS].map(async (at) => {
      const answer = await fetch(at, { cache: "reload", credentials: "omit" });
      if (answer.ok) await cache.put(at, answer);
    }));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE), kept = new Set([SHELL, ...ASSETS].map((at) => new URL(at, location.href).href));
    for (const request of await cache.keys()) if (!kept.has(request.url)) await cache.delete(request);
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/tasks/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(SHELL)) || Response.error()));
  } else if (ASSETS.includes(url.pathname + url.search)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});
