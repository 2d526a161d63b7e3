// Serves the page for when there is no network. Keeps that page and its files, and nobody's data.
const settings = {{ settings|safe }};
const NAME = `practice-${settings.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then(async (cache) => {
        await cache.add(settings.page);
        await Promise.allSettled(settings.files.map((file) => cache.add(file)));
      })
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("practice-") && name !== NAME) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(settings.page)));
    return;
  }
  const url = new URL(request.url);
  if (url.origin === location.origin && settings.files.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname)));
  }
});
