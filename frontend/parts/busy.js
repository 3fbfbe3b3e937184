// A thin bar on top while something is fetched, if it takes longer than a quarter of a second.
let running = 0;
let timer;

document.addEventListener("htmx:before:request", () => {
  running += 1;
  timer ??= setTimeout(() => document.body.classList.add("is-busy"), 250);
});
document.addEventListener("htmx:finally:request", () => {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  timer = undefined;
  document.body.classList.remove("is-busy");
});
