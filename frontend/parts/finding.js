// The search over everything: the arrow keys walk through what was found, Enter shows it on a page of its own, Escape leaves.
document.addEventListener("keydown", (event) => {
  const place = event.target.closest(".top-search, #main:has(.find-box)");
  if (!place || !event.target.closest(".find-box, .found")) return;
  const box = place.querySelector(".find-box input");
  const stops = [box, ...place.querySelectorAll(".found a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
  } else if (event.key === "Escape") {
    event.preventDefault(); // the browser would empty the box
    document.activeElement.blur();
  }
});
