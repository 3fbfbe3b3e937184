// What everything that can be dragged shares: it is posted where it was dropped, and put back when that is refused.
import htmx from "htmx.org/dist/htmx.esm.js";

export const BY_HAND = {
  animation: 120,
  delay: 180,
  delayOnTouchOnly: true,
  ghostClass: "is-lifted",
  dragClass: "is-moving",
};

// True when the server took it; a question that must be answered first is a no, too.
export async function accepted(item, values) {
  let taken = false;
  const judge = ({ detail }) => {
    const { response, hx } = detail.ctx;
    taken = response.status < 400 && !hx.retarget;
  };
  item.addEventListener("htmx:after:request", judge, { once: true });
  await htmx.ajax("POST", item.dataset.url, { source: item, swap: "none", values });
  item.removeEventListener("htmx:after:request", judge);
  return taken;
}

// SortableJS leaves style attributes on everything that moved aside; when it has done, they go.
export function tidy(root) {
  setTimeout(() => root?.querySelectorAll("[style]").forEach((moved) => moved.removeAttribute("style")), 300);
}
