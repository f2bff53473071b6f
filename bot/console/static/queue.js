// Queue: rows by key, peeks, ticks, and counts that follow. Each of it works by link and button without this.

import { announce, ask } from "./page.js";

const EVERY_MS = 15_000;
const list = document.getElementById("queue-list");
const table = () => document.getElementById("queue-table");
const rows = () => [...(table()?.tBodies[0]?.rows ?? [])].filter((row) => row.dataset.flag);
const boxes = () => [...document.querySelectorAll('#queue-table input[name="pick"]')];

// --- where we are -------------------------------------------------------------------------------

let here = null;

/** Make a row the one that keys are about, and show it. */
function goTo(row) {
  if (!row) return;
  here?.classList.remove("is-here");
  here = row;
  here.classList.add("is-here");
  here.focus({ preventScroll: true });
  here.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = here ? all.indexOf(here) : by > 0 ? -1 : all.length;
  const next = all[at + by];
  if (next) goTo(next);
  else announce(by > 0 ? "Last flag on this page." : "First flag on this page.");
}

// --- ticks --------------------------------------------------------------------------------------

function countPicked() {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked);
  const everything = document.getElementById("pick-all-matching");
  const isAll = everything?.checked ?? false;
  const page = document.getElementById("pick-page");
  if (page) {
    page.checked = picked.length > 0 && picked.length === all.length;
    page.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  const words = isAll ? `All ${Number(list.dataset.total).toLocaleString("en")} selected` : picked.length ? `${picked.length} selected` : "None selected";
  const out = document.getElementById("n-picked");
  if (out.textContent !== words) out.textContent = words;
  bar.classList.toggle("has-picked", isAll || picked.length > 0);
  all.forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked || isAll));
}

let lastTicked = null;

/** Ticks from one box to another with Shift, as lists do. */
function tickRange(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
}

// --- a peek -------------------------------------------------------------------------------------

function closePeek() {
  const open = table()?.querySelector(".peek-row");
  open?.previousElementSibling?.querySelector("[data-peek]")?.setAttribute("aria-expanded", "false");
  open?.remove();
  return open?.dataset.of;
}

/** Show more of a flag under its row, or put it away. */
async function peek(row) {
  if (!row) return;
  const before = closePeek();
  if (before === row.dataset.flag) { row.focus(); return; }
  const link = row.querySelector("[data-peek]");
  const answer = await ask(link.href).catch(() => null);
  if (!answer?.ok) { location.assign(link.href); return; }
  const html = await answer.text();
  closePeek();
  const under = document.createElement("tr");
  under.className = "peek-row";
  under.dataset.of = row.dataset.flag;
  const cell = under.insertCell();
  cell.colSpan = row.cells.length;
  // from our own server, with its escaping
  cell.innerHTML = html;
  row.after(under);
  link.setAttribute("aria-expanded", "true");
  goTo(row);
  announce(cell.textContent.replace(/\s+/g, " ").trim().slice(0, 400));
}

// --- decisions by key -----------------------------------------------------------------------------

/** Decide the row we are on: the same form as the bulk bar's, with one flag. */
function decide(action) {
  const bar = document.getElementById("bulk");
  const button = bar?.querySelector(`button[value="${action}"]`);
  if (!here || !button) return;
  if (!("pending" in here.dataset)) { announce(`Flag ${here.dataset.flag} is decided already.`); return; }
  boxes().forEach((box) => { box.checked = box.closest("tr") === here; });
  const everything = document.getElementById("pick-all-matching");
  if (everything) everything.checked = false;
  countPicked();
  remember(rows().indexOf(here));
  bar.requestSubmit(button);
}

/** Give ourselves what is ticked; the row we are on, where nothing is. */
function take() {
  const bar = document.getElementById("bulk");
  const button = bar?.querySelector('button[value="assign"]');
  if (!button) return;
  const isAll = document.getElementById("pick-all-matching")?.checked;
  const all = boxes();
  if (!isAll && !all.some((box) => box.checked)) {
    if (!here) return;
    all.forEach((box) => { box.checked = box.closest("tr") === here; });
  }
  bar.elements.to.value = "me";
  countPicked();
  if (here) remember(rows().indexOf(here));
  bar.requestSubmit(button);
}

/** After a decision the page comes back: the place in the list is kept for it. */
function remember(at) {
  try { sessionStorage.setItem("queue-at", JSON.stringify([location.pathname + location.search, at])); } catch { /* private mode */ }
}

function comeBack() {
  try {
    const [where, at] = JSON.parse(sessionStorage.getItem("queue-at") ?? "[]");
    sessionStorage.removeItem("queue-at");
    if (where === location.pathname + location.search) goTo(rows()[Math.min(at, rows().length - 1)]);
  } catch { /* nothing was kept */ }
}

const acts = {
  next: () => step(1),
  previous: () => step(-1),
  select: () => here?.querySelector('input[name="pick"]')?.click(),
  peek: () => peek(here),
  open: () => here?.querySelector(".col-flag a")?.click(),
  confirm: () => decide("confirm"),
  not_pii: () => decide("not_pii"),
  assign: () => take(),
};

// letters are keys.js's: they press the buttons of the key bar. Arrows belong to the list alone.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && table()?.querySelector(".peek-row")) {
    const row = table().querySelector(".peek-row").previousElementSibling;
    closePeek();
    goTo(row);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && here && event.target === here) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }
});

document.addEventListener("click", (event) => {
  const act = event.target.closest?.("[data-act]");
  if (act) {
    acts[act.dataset.act]();
    return;
  }
  const link = event.target.closest?.("[data-peek]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    peek(link.closest("tr"));
    return;
  }
  const box = event.target.closest?.('input[name="pick"]');
  if (box) {
    if (event.shiftKey && lastTicked) tickRange(box);
    lastTicked = box;
    countPicked();
    return;
  }
  const row = event.target.closest?.("#queue-table tbody tr[data-flag]");
  if (row && !event.target.closest("a, button, input")) goTo(row);
});

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-page") {
    boxes().forEach((box) => { box.checked = event.target.checked; });
    countPicked();
  } else if (event.target.id === "pick-all-matching") {
    countPicked();
  } else if (event.target.matches?.("[data-submit]")) {
    event.target.form.requestSubmit();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("#queue-table tbody tr[data-flag]");
  if (row && row !== here) {
    here?.classList.remove("is-here");
    here = row;
    here.classList.add("is-here");
  }
});

// --- counts that follow ---------------------------------------------------------------------------

let timer = 0;

async function refresh() {
  const answer = await ask(list.dataset.live, { unattended: true }).catch(() => null);
  if (!answer?.ok) return;
  const { tabs, total } = await answer.json();
  for (const [key, n] of Object.entries(tabs)) {
    const count = document.querySelector(`[data-live-tab="${CSS.escape(key)}"]`);
    if (count) count.textContent = n.toLocaleString("en");
  }
  const more = total - Number(list.dataset.total);
  showNews(more);
}

/** Say that the list has changed, and leave it to the reader to load it: rows must not move under a finger. */
function showNews(more) {
  let news = document.getElementById("queue-news");
  if (!more) { news?.remove(); return; }
  const words = more > 0 ? `${more} more ${more === 1 ? "flag" : "flags"} now.` : `${-more} fewer now.`;
  if (!news) {
    news = document.createElement("p");
    news.id = "queue-news";
    news.className = "undo-bar";
    news.setAttribute("role", "status");
    list.before(news);
  }
  if (news.dataset.words === words) return;
  news.dataset.words = words;
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Show them";
  news.replaceChildren(words + " ", link);
}

function follow() {
  clearInterval(timer);
  if (!document.hidden) timer = setInterval(refresh, EVERY_MS);
}

document.addEventListener("visibilitychange", () => {
  follow();
  if (!document.hidden) refresh();
});

countPicked();
comeBack();
follow();
