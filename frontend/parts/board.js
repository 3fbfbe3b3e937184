// A board: dropping a card posts its new column; a refusal, or a question that must be answered first, puts it back.
import { BY_HAND, accepted, tidy } from "./dragging.js";

export async function board(boards) {
  const { default: Sortable } = await import("sortablejs");
  for (const element of boards) {
    for (const list of element.querySelectorAll("[data-board-column]")) {
      new Sortable(list, {
        ...BY_HAND,
        group: "board",
        draggable: ".board-card",
        filter: ".is-fixed",
        emptyInsertThreshold: 0, // a column scrolled out of sight below another must not catch the card
        onEnd: dropped,
      });
    }
  }
}

async function dropped({ item, from, to, oldDraggableIndex }) {
  tidy(item.closest("[data-board]"));
  if (from === to) return;
  if (await accepted(item, { to: to.dataset.boardColumn })) return;
  from.insertBefore(item, from.querySelectorAll(".board-card")[oldDraggableIndex] ?? null);
}
