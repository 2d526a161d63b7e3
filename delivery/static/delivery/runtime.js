/* The client runtime of the blocks in our own pages: calls each block's script with its element,
   fits frames to what is in them, and notes films that were watched. */
(function () {
  "use strict";

  const WATCHED = 0.95;

  function handlerUrl(element, name, suffix, query) {
    const wrapper = element.closest("[data-handler-base]");
    const url = `${wrapper.dataset.handlerBase}${name}/${suffix || ""}`;
    return query ? `${url}?${query}` : url;
  }

  // What a block's editor says (save, error, cancel) is for the page to act on.
  function notify(name, data) {
    document.dispatchEvent(new CustomEvent("libschool:notify", { detail: { name, data } }));
  }

  const runtime = { handlerUrl, notify };

  function initialise(element) {
    const start = window[element.dataset.init];
    if (typeof start !== "function" || element.dataset.started) return;
    element.dataset.started = "true";
    const island = element.querySelector(":scope > .xblock_json_init_args");
    new start(runtime, element, island ? JSON.parse(island.textContent) : undefined);
  }

  // --- Frames ---------------------------------------------------------------------------------

  function fit(event) {
    if (event.origin !== window.location.origin || !event.data) return;
    if (event.data.type !== "block-frame-height") return;
    const height = Number(event.data.height);
    if (!Number.isFinite(height) || height < 0) return;
    for (const frame of document.querySelectorAll("iframe[data-block-frame]")) {
      if (frame.contentWindow === event.source) frame.style.height = `${Math.ceil(height)}px`;
    }
  }

  // A frame that loaded before this script was listening is asked again.
  function ask() {
    for (const frame of document.querySelectorAll("iframe[data-block-frame]")) {
      frame.contentWindow.postMessage({ type: "block-frame-ask" }, window.location.origin);
    }
  }

  // --- Films ----------------------------------------------------------------------------------

  function complete(figure) {
    if (figure.dataset.completed) return;
    figure.dataset.completed = "true";
    fetch(figure.dataset.completionUrl, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true,
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
      },
      body: JSON.stringify({ completion: 1.0 }),
    }).then(
      (response) => { if (!response.ok) delete figure.dataset.completed; },
      () => { delete figure.dataset.completed; },
    );
  }

  function watch(figure) {
    const film = figure.querySelector("[data-block-video]");
    film?.addEventListener("timeupdate", () => {
      if (film.duration && film.currentTime / film.duration >= WATCHED) complete(figure);
    });
    film?.addEventListener("ended", () => complete(figure));
    // What is watched elsewhere is out of sight: following the link is all that can be known.
    for (const link of figure.querySelectorAll("[data-block-video-elsewhere]")) {
      link.addEventListener("click", () => complete(figure));
    }
  }

  window.addEventListener("message", fit);

  function start() {
    document.querySelectorAll(".xblock[data-init]").forEach(initialise);
    document.querySelectorAll("[data-completion-url]").forEach(watch);
    ask();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
