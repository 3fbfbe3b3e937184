// Fields that the browser lacks: choosing a row of another table, a calendar, lines that come and go.
import htmx from "htmx.org/dist/htmx.esm.js";

const language = document.documentElement.lang.toLowerCase();
const words = document.body.dataset;

// A form that comes back shows its first fault, wherever one had scrolled to.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.response?.status !== 422) return;
  const field = document.querySelector(":is(dialog[open], main) .field:has(> .wrong)");
  field?.scrollIntoView({ block: "center" });
  field?.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
});

export async function pickers(selects) {
  const { default: TomSelect } = await import("tom-select/dist/esm/tom-select.complete.js");
  for (const select of selects) if (!select.tomselect) picker(TomSelect, select);
}

function picker(TomSelect, select) {
  const note = (row, escape) => (row.note ? ` <small>${escape(row.note)}</small>` : "");
  new TomSelect(select, {
    valueField: "id",
    labelField: "label",
    searchField: [], // the server searches: pinyin, initials, digits
    score: () => () => 1,
    maxItems: select.multiple ? null : 1,
    plugins: select.multiple ? ["remove_button"] : [],
    placeholder: select.getAttribute("placeholder") ?? "",
    preload: "focus",
    loadThrottle: 200,
    shouldLoad: () => true,
    load(text, done) {
      const url = new URL(select.dataset.pick, location.origin);
      url.searchParams.set("q", text);
      fetch(url, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { rows: [] }))
        .then(({ rows }) => {
          this.clearOptions((option) => this.items.includes(String(option.id)));
          done(rows);
        })
        .catch(() => done([]));
    },
    render: {
      option: (row, escape) => `<div>${escape(row.label ?? row.text)}${note(row, escape)}</div>`,
      item: (row, escape) => `<div>${escape(row.label ?? row.text)}</div>`,
      no_results: () => {
        const line = document.createElement("div");
        line.className = "no-results";
        line.textContent = words.wordNothing;
        return line;
      },
    },
    onInitialize() {
      // Options that the page brought along are named by their text.
      for (const option of Object.values(this.options)) {
        option.id ??= option.value;
        option.label ??= option.text;
      }
    },
  });
}

export async function dates(inputs) {
  if (matchMedia("(pointer: coarse)").matches) return; // a phone's own calendar is better
  const [{ default: flatpickr }, { Mandarin }, { MandarinTraditional }] = await Promise.all([
    import("flatpickr"),
    import("flatpickr/dist/esm/l10n/zh.js"),
    import("flatpickr/dist/esm/l10n/zh-tw.js"),
  ]);
  const names = language.startsWith("en") ? {} : language.includes("hant") ? MandarinTraditional : Mandarin;
  for (const input of inputs) {
    if (input._flatpickr) continue;
    flatpickr(input, { dateFormat: "Y-m-d", allowInput: true, static: true, locale: { ...names, firstDayOfWeek: 1 } });
  }
}

// One of the days that people mostly say.
document.addEventListener("click", ({ target }) => {
  const day = target.closest("[data-day]")?.dataset.day;
  const input = day && target.closest(".field").querySelector("input[data-date]");
  if (!input) return;
  if (input._flatpickr) input._flatpickr.setDate(day, true);
  else input.value = day;
});

export function lines(boxes) {
  for (const box of boxes) {
    const total = box.querySelector("input[name$=TOTAL_FORMS]");
    const template = box.querySelector("template");
    box.addEventListener("click", (event) => {
      if (event.target.closest("[data-add-line]")) {
        const line = template.content.cloneNode(true).firstElementChild;
        line.innerHTML = line.innerHTML.replaceAll("__prefix__", total.value);
        total.value = Number(total.value) + 1;
        box.querySelector("[data-line-list]").append(line);
        htmx.process(line);
        line.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      }
      event.target.closest("[data-drop-line]")?.closest(".line").remove();
    });
  }
}
