// Messages: grouped by author and day, with what one can do to each.
import { act, go, place } from "./client.js";
import { avatar, grow, h, icon, openMenu, reconcile } from "./dom.js";
import { ask, blockList } from "./blocks.js";
import { mrkdwn, richText, unescape } from "./mrkdwn.js";
import { tell } from "./toast.js";

const GROUP_S = 300;
let editing = "";

export function drawMessages(box, messages, state, { inThread = false } = {}) {
  const items = [];
  let before = null;
  for (const message of messages) {
    const day = dayOf(message.ts);
    if (!before || dayOf(before.ts) !== day) items.push({ key: `day-${day}`, sign: day, make: () => h("div.day", { role: "separator" }, h("span", {}, dayName(message.ts))) });
    const follows = Boolean(before) && isPlain(message) && isPlain(before) && before.user === message.user && dayOf(before.ts) === day && Number(message.ts) - Number(before.ts) < GROUP_S;
    const isEditing = editing === message.ts;
    const sign = JSON.stringify([message, follows, isEditing, state.me, inThread]);
    items.push({ key: message.ts, sign, make: () => drawMessage(message, state, { follows, inThread, isEditing }) });
    before = message;
  }
  stick(box);
  const isNew = !box.children.length;
  reconcile(box, items);
  if (place.message && jump(box)) return;
  if (isNew || ends.get(box)) box.scrollTop = box.scrollHeight;
}

const ends = new WeakMap();
/** Who reads the end of a list goes on reading it when messages come or the window changes. */
function stick(box) {
  if (ends.has(box)) return;
  ends.set(box, true);
  box.addEventListener("scroll", () => ends.set(box, box.scrollHeight - box.scrollTop - box.clientHeight < 60), { passive: true });
  new ResizeObserver(() => { if (ends.get(box)) box.scrollTop = box.scrollHeight; }).observe(box);
}

function jump(box) {
  const target = box.querySelector(`[data-key="${CSS.escape(place.message)}"]`);
  if (!target) return false;
  ends.set(box, false);
  target.scrollIntoView({ block: "center" });
  target.classList.add("found");
  place.message = "";
  return true;
}

const isPlain = (message) => !message.subtype && !message.is_ephemeral && !message.bot_id;

function drawMessage(message, state, { follows, inThread, isEditing }) {
  const person = authorOf(message, state);
  if (["channel_join", "channel_topic", "tombstone"].includes(message.subtype)) return quietMessage(message, person, inThread, state);
  const isCard = message.bot_id && message.user === state.app.user;
  const node = h(`article.message${follows ? ".follows" : ""}${message.is_ephemeral ? ".ephemeral" : ""}${isCard ? ".of-app" : ""}`, { tabindex: "-1", "aria-label": `${person.real_name}, ${clock(message.ts)}` });
  node.append(h("div.gutter", {}, follows ? h("time.small", { dateTime: iso(message.ts) }, clock(message.ts)) : avatar(person)));
  const body = h("div.body");
  if (message.is_ephemeral) body.append(h("p.only-you", {}, icon("eye"), "Only visible to you", h("button.link", { type: "button", onclick: () => act({ do: "dismiss", ts: message.ts }) }, "Dismiss")));
  if (message.subtype === "thread_broadcast" && !inThread) body.append(h("p.note", {}, "replied to a thread"));
  if (!follows) body.append(h("p.by", {}, h("b", {}, person.real_name), person.is_bot ? h("span.tag", {}, "App") : null, h("time", { dateTime: iso(message.ts), title: new Date(Number(message.ts) * 1000).toLocaleString() }, clock(message.ts))));
  body.append(isEditing ? editBox(message) : content(message, state));
  if (!inThread && message.reply_count && message.thread_ts === message.ts) body.append(replies(message, state));
  node.append(body);
  if (!isEditing && !message.is_ephemeral) node.append(tools(message, state, inThread));
  return node;
}

function quietMessage(message, person, inThread, state) {
  const text = message.subtype === "tombstone" ? ["This message was deleted."] : mrkdwn(message.text);
  return h("article.message.quiet", {}, h("div.gutter", {}, icon(message.subtype === "tombstone" ? "trash" : "hash")), h("div.body", {}, h("p", {}, ...text),
    !inThread && message.reply_count ? replies(message, state) : null));
}

function content(message, state) {
  const press = (element, block, value) => report(act({ do: "click", ts: message.ts, action_id: element.action_id, block_id: block.block_id, value }), state);
  const box = h("div.content");
  const rich = message.blocks?.length === 1 && message.blocks[0].type === "rich_text";
  if (rich) box.append(h("div.text", {}, ...richText(message.blocks[0])));
  else if (message.blocks?.length) box.append(h("div.card", {}, ...blockList(message.blocks, press)));
  else if (message.text) box.append(h("div.text", {}, ...mrkdwn(message.text)));
  for (const file of message.files || []) box.append(fileCard(file));
  for (const item of message.attachments || []) box.append(h("div.attachment", {}, item.title ? h("b", {}, item.title) : null, item.text ? h("div", {}, ...mrkdwn(item.text)) : null, ...blockList(item.blocks, press)));
  if (message.edited && !message.bot_id) (box.lastElementChild || box).append(h("span.edited", {}, "(edited)"));
  return box;
}

function fileCard(file) {
  return h("figure.file", {}, h("figcaption", {}, h("b", {}, file.name), h("span", {}, `${file.pretty_type || file.filetype} · ${size(file.size)}`)), file.preview ? h("pre", {}, file.preview) : null);
}

const size = (n) => (n < 1000 ? `${n} bytes` : `${(n / 1000).toFixed(1)} kB`);

function replies(message, state) {
  const faces = (message.reply_users || []).slice(0, 4).map((id) => avatar(state.people[id], "tiny"));
  const n = message.reply_count;
  return h("button.replies", { type: "button", onclick: () => go({ thread: message.ts }) }, ...faces, h("span", {}, `${n} ${n === 1 ? "reply" : "replies"}`), h("small", {}, `last at ${clock(message.latest_reply || message.ts)}`));
}

function tools(message, state, inThread) {
  const isOwn = message.user === state.me && !message.bot_id;
  const mayDelete = isOwn || state.people[state.me].is_admin;
  const bar = h("div.tools", { role: "group", "aria-label": "Message actions" });
  if (!inThread) bar.append(tool("reply", "Reply in thread", () => go({ thread: message.thread_ts || message.ts })));
  if (isOwn && !message.files) bar.append(tool("edit", "Edit", () => { editing = message.ts; redraw(); }));
  const items = state.app.shortcuts.filter((item) => item.kind === "message").map((item) => ({
    content: [h("span", {}, item.name), h("small", {}, state.app.name)],
    pick: () => report(act({ do: "shortcut", callback_id: item.id, ts: message.ts }), state),
  }));
  if (mayDelete) items.push({ danger: true, content: [h("span", {}, "Delete message")], pick: () => remove(message) });
  const more = tool("more", "More actions", () => openMenu(more, items, { label: "Message actions" }));
  more.setAttribute("aria-haspopup", "menu");
  if (items.length) bar.append(more);
  return bar;
}

const tool = (name, label, run) => h("button.icon", { type: "button", "aria-label": label, title: label, onclick: run }, icon(name));

async function remove(message) {
  const plain = (text) => ({ type: "plain_text", text });
  const sure = await ask({ title: plain("Delete message"), text: plain("Delete this message? It cannot be brought back."), confirm: plain("Delete"), deny: plain("Cancel"), style: "danger" });
  if (sure) await report(act({ do: "delete", channel: place.channel, ts: message.ts }));
}

function editBox(message) {
  const box = h("textarea", { value: unescape(message.text).replace(/<mailto:[^|>]+\|([^>]+)>/g, "$1").replace(/<(https?:[^|>]+)>/g, "$1"), "aria-label": "Edit message", rows: 1 });
  grow(box);
  const done = () => { editing = ""; redraw(); };
  const save = async () => {
    const answer = await report(act({ do: "edit", channel: place.channel, ts: message.ts, text: box.value }));
    if (answer.ok) done();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
    if (event.key === "Escape") { event.stopPropagation(); done(); }
  });
  requestAnimationFrame(() => { box.focus(); box.setSelectionRange(box.value.length, box.value.length); });
  return h("div.edit", {}, box, h("div.buttons", {}, h("button.btn", { type: "button", onclick: done }, "Cancel"), h("button.btn.primary", { type: "button", onclick: save }, "Save")));
}

let redraw = () => {};
export function onRedraw(run) { redraw = run; }

/** Wait for an action and say what went wrong, in Slack's manner. */
export async function report(promise, state) {
  const answer = await promise;
  if (!answer.ok) tell(trouble(answer, state));
  return answer;
}

function trouble(answer, state) {
  const app = state?.app?.name || "The app";
  if (answer.error === "app_http_timeout") return `${app} did not answer within 3 seconds.`;
  if (answer.error?.startsWith("app_")) return `${app} could not do that (${answer.status || "no connection"}).`;
  const said = {
    not_in_channel: "Join the channel first.", connection: "The simulator does not answer.", no_such_command: "There is no such command. Try /piiguard help.",
    cant_delete_message: "Only its author or an admin can delete this message.", input_required: "Please fill in every field that is not optional.",
    message_not_found: "That message is gone.", not_found: "That window is gone.",
  };
  return said[answer.error] || `Slack says: ${answer.error}`;
}

export function authorOf(message, state) {
  if (message.bot_id && message.user !== state.app.user) return { real_name: message.username || "App", is_bot: true };
  return state.people[message.user] || { real_name: message.user === "USLACKBOT" ? "Slackbot" : "Somebody", is_bot: true };
}

export const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const iso = (ts) => new Date(Number(ts) * 1000).toISOString();
const dayOf = (ts) => new Date(Number(ts) * 1000).toDateString();

function dayName(ts) {
  const day = dayOf(ts);
  if (day === new Date().toDateString()) return "Today";
  if (day === new Date(Date.now() - 86400000).toDateString()) return "Yesterday";
  return new Date(Number(ts) * 1000).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}
