// The drawer opens when something is put into it; any dialog opens by [data-open] and closes by [data-close].
import htmx from "htmx.org/dist/htmx.esm.js";

const drawer = document.getElementById("drawer");

document.addEventListener("htmx:after:swap", () => {
  if (drawer && !drawer.open && drawer.querySelector("#drawer-body")?.childElementCount) drawer.showModal();
});
// A question that follows on what was done.
document.addEventListener("ask", ({ detail }) => {
  const loading = document.createElement("div");
  for (const [name, value] of [["get", detail.url], ["trigger", "load"], ["target", "#drawer-body"]]) {
    loading.setAttribute(`hx-${name}`, value);
  }
  drawer.querySelector("#drawer-body").replaceChildren(loading);
  htmx.process(loading);
});
document.addEventListener("close-drawer", () => drawer?.close());
drawer?.addEventListener("close", () => drawer.querySelector("#drawer-body").replaceChildren());

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.querySelector(opener.dataset.open)?.showModal();
  const dialog = event.target.closest("dialog");
  // A click on the backdrop is a click on the dialog itself, outside of its box.
  if (dialog && (event.target.closest("[data-close]") || (event.target === dialog && outside(dialog, event)))) {
    if (!event.target.closest("a[href]")) event.preventDefault();
    dialog.close();
  }
  // Something opened from a sheet replaces the sheet.
  if (event.target.closest(".sheet a")) event.target.closest("dialog").close();
});

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

const ask = document.getElementById("ask");

// True once the person said yes.
export const asked = (question) =>
  new Promise((done) => {
    ask.querySelector("p").textContent = question;
    ask.returnValue = "";
    ask.onclose = () => done(ask.returnValue === "yes");
    ask.showModal();
  });

document.addEventListener("htmx:confirm", async (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  if (!ctx.confirm || !ask) return;
  event.preventDefault();
  if (await asked(ctx.confirm)) issueRequest();
  else dropRequest();
});
