// Where one writes: text, a snippet, a slash command.
import { act, place } from "./client.js";
import { grow, h, icon } from "./dom.js";
import { report } from "./messages.js";

const drafts = new Map();

/** A composer for a channel, or for a thread of it. */
export function composer(state, channel, threadTs = "") {
  const key = `${state.me}/${channel.id}/${threadTs}`;
  const name = channel.type === "im" ? state.people[channel.with]?.real_name : `#${channel.name}`;
  const label = threadTs ? "Reply…" : `Message ${name}`;
  const box = h("textarea", { placeholder: label, "aria-label": label, rows: 1, value: drafts.get(key) || "", data: { composer: threadTs ? "thread" : "channel" } });
  const fit = grow(box);
  const file = h("input", { type: "file", hidden: true, "aria-label": "File" });
  const attached = h("div.attached", { hidden: true });
  const send = h("button.send", { type: "button", "aria-label": "Send" }, icon("send"));
  const commands = h("div.hints", { hidden: true });
  let snippet = null;

  const show = () => {
    drafts.set(key, box.value);
    send.disabled = !box.value.trim() && !snippet;
    const isCommand = box.value.startsWith("/") && !box.value.includes(" ") && !threadTs;
    const fitting = isCommand ? state.app.commands.filter((command) => command.startsWith(box.value)) : [];
    commands.hidden = !fitting.length;
    commands.replaceChildren(...fitting.map((command) => h("button.menu-item", { type: "button", onclick: () => { box.value = `${command} `; box.focus(); show(); } }, h("b", {}, command), h("small", {}, state.app.name))));
  };
  const attach = (chosen) => {
    snippet = chosen;
    attached.hidden = !chosen;
    attached.replaceChildren(chosen ? h("span", {}, h("b", {}, chosen.name), ` ${chosen.content.length} characters`) : "", chosen ? h("button.icon", { type: "button", "aria-label": "Remove the file", onclick: () => attach(null) }, icon("close")) : "");
    show();
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text && !snippet) return;
    send.disabled = true;
    const common = { channel: channel.id, thread_ts: threadTs };
    const answer = await report(act(snippet ? { do: "upload", ...common, name: snippet.name, content: snippet.content, text } : { do: "post", ...common, text }), state);
    if (answer.ok) {
      box.value = "";
      fit();
      attach(null);
    }
    show();
    box.focus();
  };
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (chosen) attach({ name: chosen.name, content: await chosen.text() });
    file.value = "";
  });
  box.addEventListener("input", show);
  box.addEventListener("paste", (event) => {
    // Slack offers a snippet for long pastes; so does this
    const text = event.clipboardData?.getData("text/plain") || "";
    if (text.split("\n").length > 12) { event.preventDefault(); attach({ name: "snippet.txt", content: text }); }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  send.addEventListener("click", submit);
  const clip = h("button.icon", { type: "button", "aria-label": "Attach a text file", title: "Attach a text file", onclick: () => file.click() }, icon("clip"));
  show();
  return h("div.composer", {}, commands, attached, h("div.line", {}, clip, file, box, send));
}

/** Put a draft into the channel's composer, ready to send. */
export function fillComposer(text) {
  const box = document.querySelector('[data-composer="channel"]');
  if (!box) return;
  box.value = text;
  box.dispatchEvent(new Event("input"));
  box.focus();
}

export const composerKey = (state) => `${state.me}/${place.channel}/${place.home}`;
