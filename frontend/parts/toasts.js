// Short messages: from the HX-Trigger header ("toast"), from the page itself ([data-toast]), or when the server fails.
const words = document.body.dataset;

export function say(text, kind = "success") {
  const place = document.getElementById("toasts");
  if (!text || !place) return;
  const box = document.createElement("div");
  box.className = `said ${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words.wordClose);
  close.addEventListener("click", () => box.remove());
  box.append(line, close);
  place.append(box);
  // Into the top layer, above an open dialog.
  if (place.showPopover) {
    if (place.matches(":popover-open")) place.hidePopover();
    place.showPopover();
  }
  const stay = kind === "danger" ? 12000 : 5000;
  setTimeout(() => box.remove(), stay);
}

document.addEventListener("toast", (event) => say(event.detail.text, event.detail.kind));
document.addEventListener("htmx:response:error", ({ detail }) => {
  if (detail.ctx.response.status >= 500) say(words.wordFault, "danger");
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) say(words.wordUnreachable, "danger");
});
for (const note of document.querySelectorAll("[data-toast]")) {
  say(note.textContent.trim(), note.dataset.toast);
  note.remove();
}
