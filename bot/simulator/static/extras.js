// Beside Slack: what to try, and the requests between Slack and the app.
import { h, icon, link } from "./dom.js";

export function drawGuide(state, { toggle, tryStep }) {
  const guide = state.guide, n = guide.steps.length, done = guide.steps.filter((step) => step.done).length;
  const button = document.getElementById("open-guide");
  button.hidden = !n;
  button.replaceChildren(icon("check"), h("span.count", {}, `${done}/${n}`));
  button.setAttribute("aria-label", `Things to try: ${done} of ${n} done`);
  const box = document.getElementById("guide");
  if (!n) { box.hidden = true; document.body.classList.remove("with-guide"); return; }
  const next = guide.steps.findIndex((step) => !step.done);
  box.replaceChildren(
    h("header.head", {}, h("h2", {}, guide.title), h("p.topic", {}, done === n ? "All done" : `${done} of ${n} done`), h("button.icon", { type: "button", "aria-label": "Close", onclick: () => toggle(false) }, icon("close"))),
    h("progress", { max: n, value: done, "aria-label": "Steps done" }),
    h("ol.steps", {}, ...guide.steps.map((step, index) => stepRow(step, index === next, state, tryStep))),
    guide.links.length ? h("ul.links", {}, ...guide.links.map((item) => h("li", {}, link(item.url, item.text)))) : "",
  );
}

function stepRow(step, isNext, state, tryStep) {
  const person = state.people[step.user];
  const go = step.user || step.channel ? h("button.btn", { type: "button", onclick: () => tryStep(step) }, step.draft ? `Write it as ${first(person)}` : person ? `Go there as ${first(person)}` : "Go there") : null;
  return h(`li.step${step.done ? ".done" : ""}${isNext ? ".next" : ""}`, {}, h("span.tick", {}, step.done ? icon("check") : ""), h("div", {}, h("p", {}, step.text, step.done ? h("span.hidden", {}, " (done)") : null), step.draft && !step.done ? h("p.draft", {}, step.draft) : null, step.done ? null : go));
}

const first = (person) => (person?.real_name || "you").split(" ")[0];

export function drawWire(state) {
  const dialog = document.getElementById("wire");
  const head = ["Time", "", "What", "Answer", "ms"].map((name) => h("th", { scope: "col" }, name));
  const rows = [...state.traffic].reverse().map((row) => h(`tr${row.error || row.status >= 400 || !row.status ? ".bad" : ""}`, {},
    h("td", {}, new Date(row.at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })),
    h("td", {}, row.way === "out" ? "to the app" : "from the app"),
    h("td", {}, h("code", {}, row.what), row.try ? ` retry ${row.try}` : ""),
    h("td", {}, [row.status || "none", row.error].filter(Boolean).join(" ")),
    h("td.number", {}, String(row.ms))));
  const focus = dialog.contains(document.activeElement);
  const top = dialog.querySelector(".b-scroll")?.scrollTop || 0;
  dialog.replaceChildren(
    h("header.modal-head", {}, h("h2", { id: "wire-title" }, "Requests between Slack and the app"), h("button.icon", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    h("div.b-scroll", { tabindex: "0" }, rows.length ? h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)) : h("p.empty", {}, "Nothing yet. Write a message in a channel where the app is.")));
  dialog.querySelector(".b-scroll").scrollTop = top;
  if (focus) dialog.querySelector("button").focus();
}
