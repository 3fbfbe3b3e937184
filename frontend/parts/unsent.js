// On every page: how much waits to be sent, sending it, and wiping the copy when somebody signs out.
import { asked } from "./dialogs.js";
import { day, flush, items, leave, refresh } from "./queue.js";

const EVERY = 60_000;
const FRESH = 10 * 60_000;
const sign = document.getElementById("unsent");

async function show() {
  const count = (await items(Number(sign.dataset.person))).length;
  sign.hidden = count === 0;
  sign.querySelector("span").textContent = sign.dataset.words.replace("{n}", count);
}

// What was tapped did not get through: the way to where it can be recorded.
function lead() {
  sign.hidden = false;
  sign.querySelector("span").textContent = sign.dataset.lead;
}

async function goOn() {
  if (!navigator.onLine) return;
  const kept = await day();
  if ((await items(Number(sign.dataset.person))).length) await flush();
  else if (!kept || kept.person !== Number(sign.dataset.person) || Date.now() - kept.kept_at > FRESH) await refresh();
}

async function signOut(event) {
  const form = event.target;
  if (!form.matches('form[action$="/logout/"]') || form.dataset.wiped) return;
  event.preventDefault();
  const left = (await items(Number(sign.dataset.person))).length;
  if (left && !(await asked(sign.dataset.leave.replace("{n}", left)))) return;
  await leave();
  form.dataset.wiped = "1";
  form.requestSubmit();
}

// Only a page that came safely may keep anything.
if (sign && isSecureContext) {
  navigator.serviceWorker?.register("/service-worker.js");
  document.addEventListener("queue-changed", show);
  document.addEventListener("submit", signOut, { capture: true });
  addEventListener("online", goOn);
  document.addEventListener("htmx:error", ({ detail }) => detail.ctx && !detail.ctx.response && lead());
  setInterval(goOn, EVERY);
  show().then(goOn);
}
