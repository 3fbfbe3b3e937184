// The lines of one's own plan: dragged by their number or time to another place.
import { BY_HAND, accepted, tidy } from "./dragging.js";

export async function stops(lists) {
  const { default: Sortable } = await import("sortablejs");
  for (const list of lists) {
    new Sortable(list, { ...BY_HAND, handle: ".stop", draggable: "[data-line]", onEnd: placed });
  }
}

async function placed({ item, from, oldDraggableIndex, newDraggableIndex }) {
  tidy(from);
  if (oldDraggableIndex === newDraggableIndex) return;
  const lines = [...from.querySelectorAll("[data-line]")].map((line) => line.dataset.line).join();
  if (await accepted(item, { lines, version: from.dataset.version })) return;
  item.remove();
  from.insertBefore(item, from.querySelectorAll("[data-line]")[oldDraggableIndex] ?? null);
}

// Whoever moved a line by its menu goes on there: the list is shown anew with the menu closed.
let moved = "";
document.addEventListener("submit", ({ target }) => {
  moved = target.closest("[data-menu]")?.dataset.menu ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const menu = moved && document.querySelector(`[data-menu="${moved}"]`);
  if (!menu || menu.open) return; // still the former list
  menu.querySelector("summary").focus();
  moved = "";
});
