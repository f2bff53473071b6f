// The page: who looks at what, and what is drawn around the messages.
import { act, go, listen, place, refresh } from "./client.js";
import { composer, fillComposer } from "./composer.js";
import { avatar, h, icon, openMenu } from "./dom.js";
import { drawGuide, drawWire } from "./extras.js";
import { clock, drawMessages, onRedraw, report } from "./messages.js";
import { drawHome, drawModal } from "./modal.js";
import { know } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);
let state = null;
const signs = {};

/** Draw a part only when what it shows has changed. */
function when(part, shown, draw) {
  const sign = JSON.stringify(shown);
  if (signs[part] === sign) return;
  signs[part] = sign;
  draw();
}

function draw(next) {
  state = next;
  know(state);
  if (state.me !== place.as || (state.channel && state.channel.id !== place.channel)) {
    const change = { as: state.me, channel: state.channel?.id || "" };
    return void go(change, { replace: true });
  }
  when("top", [state.team, state.me, state.people], drawTop);
  when("nav", [state.channels, state.me, state.app, place.channel, place.home], drawNav);
  when("head", [state.channel && { ...state.channel, messages: 0 }, place.home, state.app], drawHead);
  when("banner", [state.app.is_silent], () => banner(state.app.is_silent ? `${state.app.name} does not answer. Slack keeps the events and sends them again.` : ""));
  drawMain();
  drawSide();
  drawModal(state);
  when("guide", [state.guide], () => drawGuide(state, { toggle: toggleGuide, tryStep }));
  if ($("wire").open) drawWire(state);
  document.title = `${state.channel ? (state.channel.type === "im" ? state.people[state.channel.with]?.real_name : `#${state.channel.name}`) : state.team.name} · Simulated Slack`;
}

function drawTop() {
  $("team").textContent = state.team.name;
  const me = state.people[state.me];
  $("who").replaceChildren(avatar(me, "small"), h("span.who-name", {}, h("small", {}, "You are"), me.real_name), icon("down"));
  $("who").setAttribute("aria-label", `You are ${me.real_name}. Change person`);
}

function pickPerson() {
  const people = Object.entries(state.people).filter(([, person]) => !person.is_bot);
  const item = ([id, person]) => ({
    content: [avatar(person, "small"), h("span", {}, h("b", {}, person.real_name), h("small", {}, person.persona || person.title))],
    current: id === state.me,
    pick: () => go({ as: id, thread: "", message: "" }),
  });
  const cast = people.filter(([, person]) => person.persona);
  const others = people.filter(([, person]) => !person.persona);
  const items = [{ heading: "See Slack as" }, ...cast.map(item)];
  if (others.length && cast.length) items.push({ heading: "Everybody else" });
  openMenu($("who"), [...items, ...others.map(item)], { label: "See Slack as", className: "people" });
}

function drawNav() {
  const mine = state.channels.filter((channel) => channel.type !== "im" && channel.is_member);
  const others = state.channels.filter((channel) => channel.type !== "im" && !channel.is_member);
  const direct = state.channels.filter((channel) => channel.type === "im" && channel.id !== state.app.direct);
  const app = state.channels.find((channel) => channel.id === state.app.direct);
  const globals = state.app.shortcuts.filter((item) => item.kind === "global");
  $("nav").replaceChildren(...[
    section("Channels", mine.map(row)),
    others.length ? section("Other channels", others.map(row)) : null,
    direct.length ? section("Direct messages", direct.map(row)) : null,
    section("Apps", [appRow(app), ...globals.map((item) => h("li", {}, h("button.row.sub", { type: "button", onclick: () => report(act({ do: "shortcut", callback_id: item.id }), state) }, icon("check"), h("span.name", {}, item.name))))]),
  ].filter(Boolean));
}

const section = (title, rows) => h("section", {}, h("h2", {}, title), h("ul", {}, ...rows));

function row(channel) {
  const isHere = channel.id === place.channel && !place.home;
  const name = channel.type === "im" ? state.people[channel.with]?.real_name : channel.name;
  const mark = channel.type === "im" ? avatar(state.people[channel.with], "tiny") : icon(channel.type === "group" ? "lock" : "hash");
  const n = isHere ? 0 : channel.n_unread;
  const open = () => { closeNav(); go({ channel: channel.id, thread: "", home: false, message: "" }); };
  return h("li", {}, h(`button.row${n ? ".unread" : ""}`, { type: "button", onclick: open, "aria-current": isHere ? "page" : null }, mark, h("span.name", {}, name), n ? h("span.badge", {}, String(n), h("span.hidden", {}, " unread")) : null));
}

function appRow(app) {
  const isHere = place.home || place.channel === state.app.direct;
  const open = () => { closeNav(); openHome(); };
  const n = app?.n_unread || 0;
  return h("li", {}, h(`button.row${n && !isHere ? ".unread" : ""}`, { type: "button", onclick: open, "aria-current": isHere ? "page" : null }, avatar({ is_bot: true }, "tiny"), h("span.name", {}, state.app.name), n && !isHere ? h("span.badge", {}, String(n)) : null));
}

function openHome() {
  go({ channel: state.app.direct, home: true, thread: "", message: "" });
  act({ do: "home", tab: "home" });
}

function drawHead() {
  const channel = state.channel;
  if (!channel) return $("head").replaceChildren();
  if (channel.id === state.app.direct) {
    const tab = (name, on, run) => h("button.tab", { type: "button", role: "tab", "aria-selected": String(on), onclick: run }, name);
    return $("head").replaceChildren(h("h1", {}, avatar({ is_bot: true }, "small"), state.app.name), h("div.tabs", { role: "tablist", "aria-label": state.app.name },
      tab("Home", place.home, openHome), tab("Messages", !place.home, () => { go({ home: false }); act({ do: "home", tab: "messages" }); })));
  }
  const title = channel.type === "im" ? [avatar(state.people[channel.with], "small"), state.people[channel.with]?.real_name] : [icon(channel.type === "group" ? "lock" : "hash"), channel.name];
  const facts = channel.type === "im" ? "" : `${channel.n_members} members${channel.has_app ? ` · ${state.app.name} is here` : ""}`;
  $("head").replaceChildren(h("h1", {}, ...title), h("p.topic", {}, channel.topic || ""), h("p.facts", {}, facts));
}

function drawMain() {
  const log = $("log"), channel = state.channel;
  if (!channel) return log.replaceChildren(h("p.empty", {}, "There is no channel here yet."));
  const shows = place.home && channel.id === state.app.direct ? "home" : channel.id;
  if (log.dataset.shows !== `${state.me}/${shows}`) {
    log.replaceChildren();
    log.dataset.shows = `${state.me}/${shows}`;
    log.scrollTop = 0;
  }
  when("foot", [state.me, shows, channel.is_member], () => $("foot").replaceChildren(...foot(channel, shows)));
  if (shows === "home") when("home", [state.home, shows, state.me], () => { if (!log.contains(document.activeElement) || document.activeElement.tagName === "BUTTON") log.replaceChildren(drawHome(log, state)); });
  else {
    delete signs.home;
    if (channel.messages.length) {
      log.querySelector(".empty")?.remove();
      drawMessages(log, channel.messages, state);
    } else log.replaceChildren(h("p.empty", {}, "Nothing here yet."));
  }
}

function foot(channel, shows) {
  if (shows === "home") return [];
  if (!channel.is_member) return [h("p.join", {}, `You are not in #${channel.name}. `, h("button.btn.primary", { type: "button", onclick: () => report(act({ do: "join", channel: channel.id }), state) }, "Join channel"))];
  return [composer(state, channel)];
}

function drawSide() {
  const side = $("side"), thread = place.home ? null : state.thread;
  side.hidden = !thread;
  document.body.classList.toggle("with-side", Boolean(thread));
  if (!thread) return void side.replaceChildren();
  const key = `${state.me}/${thread.ts}`;
  if (side.dataset.shows !== key || !side.firstChild) {
    side.dataset.shows = key;
    side.replaceChildren(
      h("header.head", {}, h("h2", {}, "Thread"), h("p.topic", {}, state.channel.type === "im" ? "" : `#${state.channel.name}`), h("button.icon", { type: "button", "aria-label": "Close thread", onclick: () => go({ thread: "" }) }, icon("close"))),
      h("div.log", { role: "log", tabindex: "0", "aria-label": "Thread" }),
      h("div.foot", {}, state.channel.is_member ? composer(state, state.channel, thread.ts) : null));
  }
  drawMessages(side.querySelector(".log"), thread.messages, state, { inThread: true });
}

function toggleGuide(open = $("guide").hidden) {
  $("guide").hidden = !open;
  document.body.classList.toggle("with-guide", open);
  $("open-guide").setAttribute("aria-expanded", String(open));
  if (innerWidth >= 1100) try { sessionStorage.setItem("guide", open ? "open" : "closed"); } catch { /* private window */ }
}

async function tryStep(step) {
  const isApp = step.channel === "home";
  await go({ as: step.user || place.as, channel: isApp ? state.app.direct : step.channel || place.channel, home: isApp, thread: "", message: "" });
  if (isApp) act({ do: "home", tab: "home" });
  await refresh();
  if (step.draft) setTimeout(() => fillComposer(step.draft), 80);
  if (innerWidth < 1100) toggleGuide(false);
}

function banner(text) {
  $("banner").hidden = !text;
  $("banner").replaceChildren(icon("warn"), text);
}

function closeNav() {
  document.body.classList.remove("with-nav");
  $("open-nav").setAttribute("aria-expanded", "false");
}

function theme(value) {
  document.documentElement.dataset.theme = value;
  try { localStorage.setItem("theme", value); } catch { /* private window */ }
}

function remembered(store, key) {
  try { return store.getItem(key); } catch { return null; }
}

$("who").addEventListener("click", pickPerson);
$("open-nav").addEventListener("click", () => {
  const open = document.body.classList.toggle("with-nav");
  $("open-nav").setAttribute("aria-expanded", String(open));
  if (open) $("nav").querySelector("button")?.focus();
});
$("open-guide").addEventListener("click", () => toggleGuide());
$("open-wire").addEventListener("click", () => { $("wire").showModal(); drawWire(state); });
$("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  theme(now === "dark" ? "light" : "dark");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("with-nav")) { closeNav(); $("open-nav").focus(); }
  else if (place.thread) go({ thread: "" });
});
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-channel]");
  if (target) return void go({ channel: target.dataset.channel, thread: "", home: false });
  const permalink = event.target.closest(`a[href^="${location.origin}/archives/"]`);
  if (permalink) {
    event.preventDefault();
    const url = new URL(permalink.href);
    const [, , channel, ts] = url.pathname.split("/");
    go({ channel, message: `${ts.slice(1, -6)}.${ts.slice(-6)}`, thread: url.searchParams.get("thread_ts") || "", home: false });
  }
  if (document.body.classList.contains("with-nav") && !event.target.closest("#nav, #open-nav")) closeNav();
});
onRedraw(() => draw(state));
const chosen = remembered(localStorage, "theme");
if (chosen) theme(chosen);
toggleGuide(innerWidth >= 1100 && remembered(sessionStorage, "guide") !== "closed");
let trouble = 0;
listen(draw, (isDown) => {
  clearTimeout(trouble);
  if (isDown) trouble = setTimeout(() => banner(`The simulator does not answer since ${clock(Date.now() / 1000)}. Is the demo still running?`), 1500);
  else if (!state?.app.is_silent) banner("");
});
