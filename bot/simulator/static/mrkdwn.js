// Slack's wire text and rich_text blocks as DOM nodes. https://docs.slack.dev/messaging/formatting-message-text
import { h, link } from "./dom.js";

const EMOJI = {
  wave: "👋", tada: "🎉", eyes: "👀", "+1": "👍", "-1": "👎", joy: "😂", smile: "😄", heart: "❤️", fire: "🔥", coffee: "☕",
  warning: "⚠️", white_check_mark: "✅", x: "❌", lock: "🔒", pray: "🙏", rocket: "🚀", sweat_smile: "😅", thinking_face: "🤔",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", shield: "🛡️", package: "📦", truck: "🚚",
};
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|(?<![\p{L}\p{N}*])\*([^*\n]+)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~([^~\n]+)~(?![\p{L}\p{N}~])/gu;

let names = { people: {}, channels: [] };
/** Who and what the ids stand for. */
export function know(state) {
  names = state;
}

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Wire text -> nodes. */
export function mrkdwn(wire) {
  const out = [];
  String(wire).split("```").forEach((stretch, index) => {
    if (index % 2) out.push(h("pre", {}, unescape(stretch.replace(/^\n|\n$/g, ""))));
    else out.push(...lines(stretch));
  });
  return out;
}

function lines(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = line.startsWith("&gt;") || line.startsWith(">");
    if (!runs.length || runs.at(-1).quoted !== quoted) runs.push({ quoted, lines: [] });
    runs.at(-1).lines.push(quoted ? line.replace(/^(&gt;|>) ?/, "") : line);
  }
  return runs.flatMap((run) => {
    const inner = inline(run.lines.join("\n"));
    return run.quoted ? [h("blockquote", {}, ...inner)] : inner;
  });
}

function inline(text) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > last) out.push(unescape(text.slice(last, match.index)));
    last = match.index + match[0].length;
    const [whole, code, control, emoji, bold, italic, strike] = match;
    if (code) out.push(h("code", {}, unescape(code)));
    else if (control) out.push(controlNode(control));
    else if (emoji) out.push(emojiNode(emoji, whole));
    else if (bold) out.push(h("b", {}, ...inline(bold)));
    else if (italic) out.push(h("i", {}, ...inline(italic)));
    else if (strike) out.push(h("s", {}, ...inline(strike)));
  }
  if (last < text.length) out.push(unescape(text.slice(last)));
  return out;
}

function controlNode(control) {
  const [target, ...rest] = control.split("|");
  const label = rest.length ? unescape(rest.join("|")) : "";
  if (target.startsWith("@")) return user(target.slice(1));
  if (target.startsWith("#")) return channel(target.slice(1), label);
  if (target.startsWith("!date^")) return document.createTextNode(date(target, label));
  if (target.startsWith("!")) return h("span.mention", {}, label || `@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), label || unescape(target).replace(/^(mailto|tel):/, ""));
}

function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.valueOf()) || !format) return fallback;
  const day = when.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
  const time = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return format.replace(/\{date_?\w*\}/g, day).replace(/\{time_?\w*\}/g, time);
}

function emojiNode(name, fallback) {
  return name in EMOJI ? h("span", { role: "img", "aria-label": name }, EMOJI[name]) : document.createTextNode(fallback);
}

function user(id) {
  const person = names.people[id];
  return h("span.mention", {}, `@${person ? person.real_name : id}`);
}

function channel(id, label) {
  const found = names.channels.find((item) => item.id === id);
  return h("button.mention", { type: "button", data: { channel: id } }, `#${found?.name || label || id}`);
}

/** A text object of Block Kit. */
export function textObject(text) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text) : [text.text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] || all)];
}

/** The elements of a rich_text block. */
export function richText(block) {
  return (block.elements || []).map((element) => {
    if (element.type === "rich_text_preformatted") return h("pre", {}, ...richInline(element.elements));
    if (element.type === "rich_text_quote") return h("blockquote", {}, ...richInline(element.elements));
    if (element.type === "rich_text_list") {
      const items = element.elements.map((item) => h("li", {}, ...richInline(item.elements)));
      return h(element.style === "ordered" ? "ol" : "ul", {}, ...items);
    }
    return h("div.rich", {}, ...richInline(element.elements));
  });
}

function richInline(elements = []) {
  return elements.map((element) => {
    let node;
    if (element.type === "text") node = document.createTextNode(element.text);
    else if (element.type === "link") node = link(element.url, element.text || element.url);
    else if (element.type === "user") node = user(element.user_id);
    else if (element.type === "channel") node = channel(element.channel_id, "");
    else if (element.type === "emoji") node = emojiNode(element.name, `:${element.name}:`);
    else if (element.type === "broadcast") node = h("span.mention", {}, `@${element.range}`);
    else node = document.createTextNode(element.text || element.fallback || "");
    const style = element.style || {};
    if (style.code) node = h("code", {}, node);
    if (style.bold) node = h("b", {}, node);
    if (style.italic) node = h("i", {}, node);
    if (style.strike) node = h("s", {}, node);
    return node;
  });
}
