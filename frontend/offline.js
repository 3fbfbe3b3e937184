// The page that works without a connection: the day from the phone's own copy, and what was recorded since.
import { asked } from "./parts/dialogs.js";
import { add, day, drop, flush, items, put, refresh } from "./parts/queue.js";

const root = document.getElementById("offline");
const words = root.dataset;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const clock = (time) => new Intl.DateTimeFormat("sv-SE", { timeStyle: "short", timeZone: words.zone }).format(new Date(time));
let today;
let queue = [];

// A copy of a template, its places filled with text.
function made(name, texts) {
  const row = document.getElementById(`offline-${name}`).content.cloneNode(true).firstElementChild;
  for (const place of row.querySelectorAll("[data-text]")) {
    const text = texts[place.dataset.text] ?? "";
    place.textContent = text;
    if (!text) place.hidden = true;
  }
  return row;
}

const button = (row, act, run) => {
  const found = row.querySelector(`[data-act="${act}"]`);
  if (run) found.addEventListener("click", run);
  else found.remove();
  return found;
};

function fill(name, rows) {
  part(name).replaceChildren(...rows);
  part(name).closest("section").hidden = rows.length === 0;
}

// The visits that have no result: the server's, and those that were begun here.
function visits() {
  const here = queue.filter((item) => item.kind === "in").map((item) => ({ begun: item.key, name: item.name, since: item.at, line: item.body.line_id, is_under_way: true }));
  return [...(today?.visits ?? []), ...here]
    .map((visit) => ({ ...visit, waiting: queue.filter((item) => (visit.begun ? item.begun === visit.begun : item.visit === visit.id)) }))
    .map((visit) => ({ ...visit, is_under_way: visit.is_under_way && !visit.waiting.some((item) => item.kind === "out") }))
    .filter((visit) => !visit.waiting.some((item) => item.kind === "result"));
}

// A step of a visit goes to its number, or waits for the step before it that was recorded here.
function step(visit, kind, path, body) {
  const before = visit.waiting.filter((item) => item.kind !== "in").at(-1)?.key ?? visit.begun ?? null;
  const number = visit.id ?? "{visit}";
  return keep({ kind, name: visit.name, visit: visit.id, begun: visit.begun, after: before, path: `/visits/${number}/${path}`, body });
}

async function keep(item) {
  await add({ person: today.person, ...item });
  await show();
  flush();
}

async function arrive(name, body) {
  await keep({ kind: "in", name, path: "/visits/check-in", body });
}

function visitRow(visit) {
  const row = made("visit", { name: visit.name, since: `${words.since} ${clock(visit.since)}` });
  button(row, "leave", visit.is_under_way && (() => step(visit, "out", "check-out", {})));
  const form = row.querySelector("form");
  form.hidden = visit.is_under_way;
  const dueWith = () => (form.elements.next_on.required = form.elements.result.value === "next_step");
  form.addEventListener("change", dueWith);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = answers(form);
    step(visit, "result", "result", { ...told, next_on: told.next_on || null, version: visit.version ?? 1 });
  });
  return row;
}

const answers = (form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));

function lineRow(line, isBusy) {
  const mine = queue.some((item) => item.kind === "in" && item.body.line_id === line.id);
  const begun = today.visits.some((visit) => visit.line === line.id);
  const row = made("line", { ...line, words: line.words.join(" · "), state: mine ? words.kept : line.is_open ? "" : line.state });
  button(row, "arrive", line.is_open && !mine && !begun && !isBusy && (() => arrive(line.name, { line_id: line.id })));
  return row;
}

function customerRow(customer, isBusy) {
  const row = made("customer", customer);
  const call = row.querySelector("a");
  if (customer.phone) call.href = `tel:${customer.phone}`;
  button(row, "arrive", !isBusy && (() => arrive(customer.name, { customer_id: customer.id })));
  const form = row.querySelector("form");
  button(row, "note", () => (form.hidden = !form.hidden));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = answers(form);
    await keep({ kind: "contact", name: customer.name, path: "/visits/contacts", body: { ...told, customer_id: customer.id, next_on: told.next_on || null } });
  });
  return row;
}

function itemRow(item) {
  const state = item.state === "unsent" ? item.message ?? "" : item.message;
  const row = made("item", { what: [words[item.kind], item.name].filter(Boolean).join(" · "), at: clock(item.at), state });
  row.classList.toggle("late", item.state !== "unsent");
  const texts = row.querySelector("dl");
  if (item.state === "stale") texts.append(...both(item));
  else texts.remove();
  button(row, "again", item.state === "refused" && (() => again({ ...item, state: "unsent", message: "" })));
  button(row, "mine", item.state === "stale" && (() => over(item)));
  button(row, "drop", item.state !== "unsent" && (async () => (await asked(words.sure)) && drop(item).then(show)));
  return row;
}

// Of a text that was changed elsewhere meanwhile: what is kept here, and what stands there.
function* both(item) {
  for (const [name, mine] of Object.entries(item.body)) {
    const there = item.current[name];
    if (name === "version" || there === undefined || String(there) === String(mine)) continue;
    for (const [tag, text] of [["dt", words.mine], ["dd", mine], ["dt", words.theirs], ["dd", there]]) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      yield cell;
    }
  }
}

// What stands there now was read: the text from here is sent over it, with the version as of now.
async function over(item) {
  await refresh();
  today = await day();
  const version = item.kind === "draft" ? today.report.version : today.visits.find((visit) => visit.id === item.visit)?.version;
  await again({ ...item, key: crypto.randomUUID(), state: "unsent", message: "", body: { ...item.body, version } });
}

async function again(item) {
  await put(item);
  await show();
  flush();
}

function shownCustomers(isBusy) {
  const sought = part("sought").value.trim().toLowerCase();
  const found = (today?.customers ?? []).filter((customer) => customer.name.toLowerCase().includes(sought));
  part("customers").replaceChildren(...found.slice(0, sought ? 30 : 8).map((customer) => customerRow(customer, isBusy)));
}

function showReport() {
  const form = part("report");
  form.closest("section").hidden = !today?.report?.can_edit;
  if (form.closest("section").hidden || form.contains(document.activeElement)) return;
  const kept = queue.find((item) => item.kind === "draft" && item.path.endsWith(today.day))?.body ?? today.report.texts;
  for (const field of form.querySelectorAll("textarea")) field.value = kept[field.name];
}

// What is being typed is not thrown away by an answer that comes in meanwhile.
const isTyping = () => root.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

async function show() {
  today = await day();
  queue = today ? await items(today.person) : await items();
  part("none").hidden = Boolean(today);
  part("count").textContent = queue.length ? words.left.replace("{n}", queue.length) : words.nothing;
  part("send").hidden = part("export").hidden = queue.length === 0;
  part("net").textContent = navigator.onLine ? words.online : words.offline;
  fill("items", queue.map(itemRow));
  const open = visits();
  const isBusy = open.some((visit) => visit.is_under_way);
  fill("visits", open.map(visitRow));
  fill("lines", (today?.lines ?? []).map((line) => lineRow(line, isBusy)));
  part("sought").closest("section").hidden = !today?.customers.length;
  part("sought").oninput = () => shownCustomers(isBusy);
  shownCustomers(isBusy);
  showReport();
}

function export_() {
  const file = new Blob([JSON.stringify(queue, null, 2)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `xiaocheng-${words.unsent}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
}

part("send").addEventListener("click", () => flush());
part("export").addEventListener("click", export_);
part("report").addEventListener("submit", (event) => {
  event.preventDefault();
  const version = queue.find((item) => item.kind === "draft")?.body.version ?? today.report.version;
  document.activeElement.blur(); // nothing is being typed any more: the page may show what was kept
  keep({ kind: "draft", name: today.day, method: "PUT", path: `/reports/days/${today.day}`, body: { ...answers(event.target), version } });
});
document.addEventListener("queue-changed", () => isTyping() || show());
const goOn = () => show().then(flush);
if (isSecureContext) {
  addEventListener("online", goOn);
  addEventListener("offline", show);
  setInterval(flush, 60_000);
  goOn();
} else part("none").hidden = false;
