"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("rows");
  if (!table) return;
  const severity = byId("by-severity"), label = byId("by-label"), text = byId("by-text"), shown = byId("shown");
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    // severity and label have fields of their own; the value is not searched, so that a page never confirms a guess
    words: [3, 4, 5].map((n) => row.cells[n].textContent).join(" ").toLowerCase(),
  }));
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    let n = 0;
    for (const { row, words } of rows) {
      const fits = (!severity.value || row.dataset.severity === severity.value)
        && (!label.value || row.dataset.label === label.value)
        && (!wanted || words.includes(wanted));
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = `${n} of ${rows.length} shown`;
  };
  let timer = 0;
  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 120); });
  severity.addEventListener("change", apply);
  label.addEventListener("change", apply);
  byId("filter").hidden = false;
  apply();
})();
