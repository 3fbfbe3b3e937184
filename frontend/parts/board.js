// A board: dropping a card posts its new column; a refusal, or a question that must be answered first, puts it back.
import htmx from "htmx.org/dist/htmx.esm.js";

export async function board(boards) {
  const { default: Sortable } = await import("sortablejs");
  for (const element of boards) {
    for (const list of element.querySelectorAll("[data-board-column]")) {
      new Sortable(list, {
        group: "board",
        draggable: ".board-card",
        filter: ".is-fixed",
        animation: 120,
        emptyInsertThreshold: 0, // a column scrolled out of sight below another must not catch the card
        delay: 180,
        delayOnTouchOnly: true,
        ghostClass: "is-lifted",
        dragClass: "is-moving",
        onEnd: dropped,
      });
    }
  }
}

async function dropped({ item, from, to, oldDraggableIndex }) {
  // SortableJS leaves style attributes on every card that moved aside; when it has done, they go.
  setTimeout(() => item.closest("[data-board]")?.querySelectorAll("[style]").forEach((card) => card.removeAttribute("style")), 300);
  if (from === to) return;
  let accepted = false;
  const judge = ({ detail }) => {
    const { response, hx } = detail.ctx;
    accepted = response.status < 400 && !hx.retarget;
  };
  item.addEventListener("htmx:after:request", judge, { once: true });
  await htmx.ajax("POST", item.dataset.url, { source: item, swap: "none", values: { to: to.dataset.boardColumn } });
  item.removeEventListener("htmx:after:request", judge);
  if (!accepted) from.insertBefore(item, from.querySelectorAll(".board-card")[oldDraggableIndex] ?? null);
}
