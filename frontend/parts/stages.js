// The stages of a draft, one list for each kind: a stage is dragged by its handle and stays among its own kind.
import { BY_HAND, accepted, tidy } from "./dragging.js";

export async function stages(lists) {
  const { default: Sortable } = await import("sortablejs");
  for (const list of lists) {
    new Sortable(list, { ...BY_HAND, handle: ".grip", draggable: ".stage-card", onEnd: placed });
  }
}

async function placed({ item, from, oldDraggableIndex, newDraggableIndex }) {
  tidy(from);
  if (oldDraggableIndex === newDraggableIndex) return;
  const before = item.nextElementSibling?.dataset.stage ?? "";
  if (await accepted(item, { before })) return;
  item.remove();
  from.insertBefore(item, from.querySelectorAll(".stage-card")[oldDraggableIndex] ?? null);
}
