// A page that is made for paper is printed by its button.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
