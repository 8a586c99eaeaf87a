// Tells the page where somebody was writing that they are signed in again, and closes itself.
"use strict";
(() => {
  const channel = new BroadcastChannel("onesystem-signed-in");
  channel.postMessage("back");
  channel.onmessage = (event) => { if (event.data === "close") window.close(); };
})();
