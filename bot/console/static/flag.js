// The flag page: the next flag comes without a reload, what cannot be stored says so in place, values cover themselves.
// Every form works without this file.
import { announce, ask } from "./page.js";
import { mountEditor } from "./span_editor.js";

let editor = null;
let coverTimer = 0;
/** Edits that wait: their page was covered or revealed meanwhile. */
let held = null;

const flag = () => document.getElementById("flag");

function start() {
  editor?.close();
  editor = null;
  const text = document.querySelector("[data-span-editor]");
  if (!text) held = null;
  else if (held && text.dataset.revealed === "false" && held.some((mark) => mark.part)) holdBack();
  else {
    editor = mountEditor(document);
    if (held) editor.restore(held);
    held = null;
  }
  document.getElementById("go-edit")?.addEventListener("click", () => editor?.focus());
  document.getElementById("earlier")?.addEventListener("toggle", loadEarlier, { once: true });
  document.getElementById("reveal")?.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector("button, a")?.focus();
  });
  document.getElementById("message")?.addEventListener("spans-changed", (event) => showChanged(event.detail.isChanged));
  showChanged(isDirty());
  watchCover();
}

/** Moved edges cannot be drawn over covered values: the edits wait, and are saved as they are if that is wished. */
function holdBack() {
  document.getElementById("marks").value = JSON.stringify(held);
  document.getElementById("span-rows").disabled = true;
  document.getElementById("span-rows").hidden = true;
  problem("Values are covered. Your changes are kept: press r to reveal and go on, or s to save them as they are.");
}

const isDirty = () => Boolean(held || editor?.isChanged);

function showChanged(isChanged) {
  flag().classList.toggle("is-changed", isChanged);
  const words = document.getElementById("save-words");
  if (words) words.textContent = isChanged ? "Save correction" : "Save and next";
}

async function loadEarlier(event) {
  const body = event.target.querySelector(".earlier-body");
  if (!event.target.open || body.querySelector("ol")) return;
  body.textContent = "Asking Slack…";
  const answer = await ask(event.target.dataset.load);
  body.innerHTML = answer.ok ? await answer.text() : "<p class='hint'>Slack could not be asked just now.</p>";
}

const mayLeave = () => !isDirty() || confirm("Leave this flag? Your changes to its spans are not saved.");

// -- forms and links that swap the page ---------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("#flag form[data-swap]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  // what was done to the flag before leads back to it
  if (form.matches(".banner-form[action*='/undo']") && !mayLeave()) return;
  const data = new FormData(form, event.submitter);
  form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  try {
    const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(data) });
    await show(answer, { keepEdits: form.dataset.swap === "parts", isStored: form.id === "decide" });
    // who has just revealed goes on in the text
    if (form.closest(".reveal-body")) document.querySelector('#message[data-revealed="true"]')?.focus({ preventScroll: true });
  } catch {
    problem("The server could not be reached. Nothing is lost: try again.");
  } finally {
    delete form.dataset.busy;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("#flag a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!mayLeave()) return;
  held = null;
  await show(await ask(link.href));
});

/** Put an answer on the page: another flag, the same one anew, two versions, or why it was refused. */
async function show(answer, { keepEdits = false, isStored = false, isSilent = false } = {}) {
  if (answer.status === 401) return;
  const url = new URL(answer.url);
  const isHtml = answer.headers.get("Content-Type")?.includes("text/html");
  if (!isHtml) {
    const told = await answer.json().catch(() => ({}));
    problem(told.error ?? "That did not work. Nothing is lost: try again.", told.field);
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  const fresh = template.content.querySelector("#flag");
  if (!fresh) {
    if (isStored) editor = held = null; // else the browser asks before it leaves
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  const isSame = fresh.dataset.number === flag().dataset.number;
  if (isSame && editor?.isChanged) held = editor.marks;
  else if (!isSame) held = null;
  if (keepEdits && isSame && isDirty()) swapParts(fresh);
  else swapAll(fresh, url, { isSame, isSilent, isPage: answer.redirected || answer.status === 200 });
  takeFlashes(template.content);
}

function swapAll(fresh, url, { isSame, isSilent, isPage }) {
  flag().replaceWith(fresh);
  const title = fresh.dataset.title;
  document.getElementById("heading").textContent = title;
  document.title = `${title} · piiguard`;
  if (isPage && /^\/flags\/\d+$/.test(url.pathname)) {
    const where = url.pathname + url.search;
    if (where !== location.pathname + location.search) history.pushState(null, "", where);
  }
  start();
  if (isSilent) return;
  if (!isSame) window.scrollTo(0, 0);
  const target = fresh.querySelector("[role=alert] .flash") ? fresh.querySelector("[role=alert]") : document.getElementById("heading");
  target.tabIndex = -1;
  target.focus({ preventScroll: isSame });
  const facts = fresh.querySelector(".flag-facts")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const banner = fresh.querySelector(".banner > span")?.textContent ?? "";
  announce(`${banner} ${title}. ${facts}`.trim());
}

/** Everything but what is being edited. */
function swapParts(fresh) {
  if (editor) held = null;
  for (const part of fresh.querySelectorAll("[data-swap-part]")) {
    document.querySelector(`#flag [data-swap-part="${part.dataset.swapPart}"]`)?.replaceWith(part);
  }
  const version = fresh.querySelector("#decide [name=version]");
  if (version) document.querySelector("#decide [name=version]").value = version.value;
}

function takeFlashes(content) {
  const sent = content.querySelector("template[data-flashes]") ?? document.querySelector("#flag template[data-flashes]");
  const here = document.getElementById("flashes");
  if (!sent || !here) return;
  here.replaceChildren(...(sent.content.querySelector("#flashes")?.childNodes ?? []));
  sent.remove();
}

function problem(words, field = "") {
  const line = document.createElement("p");
  line.className = "flash flash-error";
  line.textContent = words;
  const place = document.getElementById("problem");
  place.replaceChildren(line);
  place.scrollIntoView({ block: "nearest" });
  const named = field && flag().querySelector(`[name="${CSS.escape(field === "reason" ? "risk_reason" : field)}"]`);
  if (!named) return;
  named.closest("details")?.setAttribute("open", "");
  named.setAttribute("aria-invalid", "true");
  named.focus();
}

// -- values are shown for a while ---------------------------------------------------------------------------------

function watchCover() {
  clearInterval(coverTimer);
  if (flag().dataset.coversIn === undefined) return;
  const until = Date.now() + Number(flag().dataset.coversIn) * 1000;
  coverTimer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const shown = document.getElementById("covers-in");
    if (shown) shown.textContent = left >= 60 ? `${Math.floor(left / 60)} min ${left % 60} s` : `${left} s`;
    if (left > 0) return;
    clearInterval(coverTimer);
    cover();
  }, 1000);
}

async function cover() {
  await show(await ask(location.href), { isSilent: true });
  if (!flag().dataset.coversIn) announce("Values are covered again.");
}

window.addEventListener("popstate", async () => {
  if (/^\/flags\/\d+$/.test(location.pathname)) await show(await ask(location.href));
  else location.reload();
});

window.addEventListener("beforeunload", (event) => {
  if (isDirty()) event.preventDefault();
});

// Enter in a field of the form must not decide: it presses the button beside it
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const field = event.target.closest?.("#decide input:not([type=checkbox])");
  if (!field || event.defaultPrevented) return;
  event.preventDefault();
  field.closest("fieldset")?.querySelector("button[name=decision]")?.click();
});

start();
