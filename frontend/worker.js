// Serves what was kept when there is no connection: the files of the app, and the one page that works offline.
// `self.KEPT` stands before this script: the address of that page, and the files with the hash of their content.
const FILES = `xiaocheng-files-${KEPT.files.join()}`;
const DAY = "xiaocheng-day"; // the page in the person's language; wiped when somebody signs out

self.addEventListener("install", (event) => event.waitUntil(keepFiles().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetFormer().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function keepFiles() {
  const cache = await caches.open(FILES);
  await Promise.all(KEPT.files.map((address) => keepWithImports(cache, new URL(address, location.origin).href)));
}

// Scripts are cut into pieces that import each other; what is fetched on demand only (charts) is left out.
async function keepWithImports(cache, address) {
  if (await cache.match(address)) return;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  await cache.put(address, answer.clone());
  if (!/\.js(\?|$)/.test(address)) return;
  const script = await answer.text();
  const pieces = [...script.matchAll(/(?:from|import)"(\.\/[\w.-]+\.js)"/g)].map(([, piece]) => new URL(piece, address).href);
  await Promise.all(pieces.map((piece) => keepWithImports(cache, piece)));
}

async function forgetFormer() {
  for (const name of await caches.keys()) if (name !== FILES && name !== DAY) await caches.delete(name);
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(KEPT.page)) ?? Response.error();
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}
