// A menu is a <details class="menu">: one is open at a time, Escape and a click elsewhere close it.
const close = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    close();
    open?.querySelector("summary").focus();
  }
  if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
    const search = document.querySelector(".find-box input");
    if (search?.checkVisibility()) {
      event.preventDefault();
      search.focus();
    }
  }
});
// A tab that loads by htmx is the current one as soon as it is chosen.
document.addEventListener("click", (event) => {
  const tab = event.target.closest(".tabs a[hx-get]");
  if (!tab) return;
  for (const other of tab.closest(".tabs").querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  tab.setAttribute("aria-current", "true");
});
