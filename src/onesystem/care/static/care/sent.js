// What I sent, kept up to date: a step of a request brings its line or its page anew, without
// taking away what somebody is writing in it.
(() => {
  "use strict";
  const list = document.getElementById("sent");
  const one = document.getElementById("request");
  if (!(list || one)) return;
  const said = document.getElementById("said");
  let last = "";

  async function fresh(part) {
    const answer = await fetch(location.href, { headers: part ? { "HX-Request": "true" } : {} }).catch(() => null);
    return answer?.ok ? answer.text() : "";
  }
  async function listed() {
    const html = await fresh(true);
    if (!html) return;
    const at = document.activeElement?.closest?.("a")?.getAttribute("href");
    list.innerHTML = html;
    if (at) list.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
    if (said) said.textContent = "The list is up to date.";
  }
  async function told() {
    const writes = one.contains(document.activeElement) && document.activeElement.matches("textarea, input");
    const begun = [...one.querySelectorAll("textarea")].some((each) => each.value.trim());
    if (writes || begun) {
      if (document.getElementById("moved")) return;
      const box = document.createElement("p");
      box.id = "moved";
      box.className = "notice notice-info";
      box.textContent = "Something was said of this request meanwhile. ";
      const link = document.createElement("a");
      link.href = location.pathname;
      link.textContent = "Look at it anew; what you wrote is kept.";
      box.append(link);
      one.before(box);
      return;
    }
    const html = await fresh(false);
    const there = html && new DOMParser().parseFromString(html, "text/html").getElementById("request");
    if (!there || there.dataset.seen === one.dataset.seen) return;
    location.assign(location.pathname);
  }
  function changed(event) {
    last = event.lastEventId || last;
    const moved = JSON.parse(event.data).request;
    document.documentElement.dataset.heard = last;
    document.dispatchEvent(new Event("onesystem:notices")); // what moved may have told its sender
    if (list) listed();
    else if (String(moved) === one.dataset.request) told();
  }
  window.onesystem.follow({
    where: { inbox: `sent:${(list || one).dataset.sent}` },
    heard: () => last,
    on: { sent: changed, refresh: () => (list ? listed() : told()) },
  });
})();
