// What was recorded without a connection, and today's copy: kept in the browser, sent one after the other when it can be.
// Every item is a request to the API with a key of its own: the server does it once, however often it is sent.
import { openDB } from "idb";

const PAGE_CACHE = "xiaocheng-day";
const WEEK = 7 * 24 * 3600 * 1000;
const LATER = new Set(["still_visiting", "still_running"]); // refused for now: sent again by itself
const HEADERS = { "HX-Request": "true" }; // a visitor gets 401, not the page to sign in

const database = openDB("xiaocheng", 1, {
  upgrade(db) {
    db.createObjectStore("copy");
    db.createObjectStore("items", { keyPath: "order", autoIncrement: true });
  },
});
const changed = () => document.dispatchEvent(new Event("queue-changed"));

export async function day() {
  const kept = await (await database).get("copy", "day");
  if (kept && Date.now() - kept.kept_at > WEEK) return wipe();
  return kept;
}

export async function items(person) {
  const all = await (await database).getAll("items");
  return person === undefined ? all : all.filter((item) => item.person === person);
}

export async function put(item) {
  await (await database).put("items", item);
  changed();
}

// A draft replaces the one before it that was not sent; a request that changed needs another key.
export async function add(item) {
  const whole = { key: crypto.randomUUID(), at: new Date().toISOString(), after: null, state: "unsent", ...item };
  const former = item.kind === "draft" && (await items(item.person)).find((it) => it.kind === "draft" && it.path === item.path);
  if (former) whole.order = former.order;
  await put(whole);
  return whole;
}

// With a check-in goes what hangs on it.
export async function drop(item) {
  const transaction = (await database).transaction("items", "readwrite");
  const gone = new Set([item.key]);
  for (const other of await transaction.store.getAll()) {
    if (gone.has(other.key) || gone.has(other.after)) {
      gone.add(other.key);
      transaction.store.delete(other.order);
    }
  }
  await transaction.done;
  changed();
}

// The copy goes; what was not sent stays until its person signs in again.
async function wipe() {
  await (await database).clear("copy");
  await caches.delete(PAGE_CACHE);
}

// Somebody signs out: what is being fetched at this moment is not kept either.
let isLeaving = false;
export async function leave() {
  isLeaving = true;
  await wipe();
}

// Today as the server has it; undefined without a connection, null for whoever is not signed in.
export async function refresh() {
  try {
    const answer = await fetch("/offline/day/", { headers: HEADERS });
    if (answer.status === 401 || answer.status === 403) return await wipe(), null;
    if (!answer.ok) return undefined;
    const told = await answer.json();
    await (await caches.open(PAGE_CACHE)).add("/offline/"); // first the page: without it the copy is of no use
    if (isLeaving) return await wipe();
    await (await database).put("copy", { ...told, kept_at: Date.now() }, "day");
    changed();
    return told;
  } catch {
    return undefined;
  }
}

export const flush = () =>
  navigator.locks.request("xiaocheng-queue", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const today = await refresh();
    if (!today) return;
    let sent = 0;
    for (const { order } of await items(today.person)) {
      const item = await (await database).get("items", order); // an answer before may have changed it
      if (!item || item.after || item.state !== "unsent") continue;
      const went = await send(item, today.csrf);
      if (went === undefined) break;
      sent += went;
    }
    changed();
    if (sent) await refresh();
  });

// 1 when the server has it, 0 when it stays here, undefined when nothing more can be sent now.
async function send(item, csrf) {
  const now = new Date().toISOString();
  const body = item.kind === "draft" ? item.body : { ...item.body, queued_at: item.at, device_now: now };
  let answer;
  try {
    answer = await fetch(`/api/v1${item.path}`, {
      method: item.method ?? "POST",
      headers: { ...HEADERS, "Content-Type": "application/json", "X-CSRFToken": csrf, "Idempotency-Key": item.key },
      body: JSON.stringify(body),
    });
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return undefined;
    const told = await answer.json();
    if (answer.ok) return await settle(item, told), 1;
    if (LATER.has(told.rule)) await put({ ...item, message: told.sentence });
    else await put({ ...item, state: told.current ? "stale" : "refused", message: told.sentence, current: told.current });
    return 0;
  } catch {
    return undefined;
  }
}

// The server has it: what hangs on it learns the number of the visit, and the copy shows it, in the same step.
async function settle(item, answer) {
  const transaction = (await database).transaction(["items", "copy"], "readwrite");
  const [queue, copy] = [transaction.objectStore("items"), transaction.objectStore("copy")];
  for (const other of await queue.getAll()) {
    if (other.after !== item.key && other.begun !== item.key) continue;
    if ("version" in other.body) other.body.version = answer.version;
    const after = other.after === item.key ? null : other.after;
    queue.put({ ...other, after, begun: null, visit: answer.id, path: other.path.replace("{visit}", answer.id) });
  }
  queue.delete(item.order);
  const today = await copy.get("day");
  if (today) copy.put({ ...today, ...changedBy(today, item, answer) }, "day");
  await transaction.done;
}

// What of the copy is other than before, until the server is asked for the day again.
function changedBy({ visits, report }, item, { id, version }) {
  if (item.kind === "draft") return { report: { ...report, version, texts: { ...report.texts, ...item.body } } };
  const others = visits.filter((visit) => visit.id !== id);
  const visit = visits.find((it) => it.id === id) ?? { id, line: item.body.line_id, name: item.name, since: item.at };
  if (item.kind === "in") return { visits: [...others, { ...visit, version, is_under_way: true }] };
  if (item.kind === "out") return { visits: [...others, { ...visit, version, is_under_way: false }] };
  return { visits: others };
}
