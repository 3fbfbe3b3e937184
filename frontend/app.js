// What every page runs. Pages work without it where they reasonably can; nothing here is needed to read.
import htmx from "htmx.org/dist/htmx.esm.js";
import { board } from "./parts/board.js";
import { dates, lines, pickers } from "./parts/fields.js";
import { photos } from "./parts/photos.js";
import { places } from "./parts/places.js";
import { stages } from "./parts/stages.js";
import { stops } from "./parts/stops.js";
import "./parts/busy.js";
import "./parts/dialogs.js";
import "./parts/finding.js";
import "./parts/lists.js";
import "./parts/menus.js";
import "./parts/printing.js";
import "./parts/toasts.js";
import "./parts/unsent.js";

// A tab that is chosen is seen, though a phone shows but three; the page itself stays where it is.
const inSight = (tab) => {
  const bar = tab.closest(".tabs");
  bar.scrollLeft += tab.getBoundingClientRect().left - bar.getBoundingClientRect().left - (bar.clientWidth - tab.clientWidth) / 2;
};

document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest" });

const enhancements = {
  ".stages .now": ([now]) => now.scrollIntoView({ block: "nearest", inline: "center" }), // a phone shows three at once
  ".tabs [aria-current]": (found) => found.forEach(inSight),
  "[data-pick]": pickers,
  "[data-date=day]": dates,
  "[data-lines]": lines,
  "[data-photos]": photos,
  "[data-place]": places,
  "[data-board]": board,
  "[data-stages]": stages,
  "[data-stops]": stops,
  "[data-chart]": async (found) => (await import("./parts/charts.js")).charts(found), // heavy: on pages with charts only
};

htmx.onLoad((root) => {
  for (const [selector, enhance] of Object.entries(enhancements)) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches(selector)) found.unshift(root);
    if (found.length) enhance(found);
  }
});
