// Lists: a click anywhere on a row opens it; ticked rows bring up the bar of bulk acts.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary, .pick") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
  else location.assign(row.dataset.href);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-picks]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=ids]")];
  if (event.target.matches("[data-pick-all]")) for (const box of boxes) box.checked = event.target.checked;
  const every = form.querySelector("[name=all]");  // more than the page shows: all that the list was narrowed to
  if (every?.checked && event.target === every) for (const box of boxes) box.checked = true;
  else if (every && boxes.some((box) => !box.checked)) every.checked = false;
  for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
  const count = boxes.filter((box) => box.checked).length;
  form.classList.toggle("has-picked", count > 0);
  const told = form.querySelector("[data-picked]");
  if (told) told.textContent = every?.checked ? every.dataset.told : told.dataset.picked.replace("0", count);
});

// What is left empty in the search and the filters stays out of the address.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches(".list-bar")) return;
  for (const [name, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(name);
});
