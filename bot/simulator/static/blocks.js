// Block Kit as DOM nodes. https://docs.slack.dev/reference/block-kit/blocks
// `act(element, block, value)` is called when a person presses or chooses something; it returns a promise.
import { h, icon, openMenu, safeUrl } from "./dom.js";
import { mrkdwn, richText, textObject } from "./mrkdwn.js";

export function blockList(blocks, act, { view = null } = {}) {
  return (blocks || []).map((block) => renderBlock(block, act, view)).filter(Boolean);
}

function renderBlock(block, act, view) {
  switch (block.type) {
    case "section": return section(block, act, view);
    case "header": return h("h3.b-header", {}, ...textObject(block.text));
    case "divider": return h("hr.b-divider");
    case "context": return h("div.b-context", {}, ...block.elements.map((item) => h("span", {}, ...textObject(item.type === "image" ? { type: "plain_text", text: item.alt_text } : item))));
    case "actions": return h("div.b-actions", {}, ...block.elements.map((item) => element(item, block, act, view)));
    case "input": return input(block, act, view);
    case "rich_text": return h("div.b-rich", {}, ...richText(block));
    case "markdown": return h("div.b-markdown", {}, ...mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, "*$1*")));
    case "image": return h("p.b-context", {}, `Image: ${block.alt_text}`);
    case "table": return table(block);
    default: return h("p.b-context", {}, `(${block.type} block)`);
  }
}

function section(block, act, view) {
  const body = h("div.b-body");
  if (block.text) body.append(h("div.b-text", {}, ...textObject(block.text)));
  if (block.fields) body.append(h("div.b-fields", {}, ...block.fields.map((field) => h("div", {}, ...textObject(field)))));
  const side = block.accessory ? h("div.b-side", {}, element(block.accessory, block, act, view)) : null;
  return h("div.b-section", {}, body, side, problem(view, block));
}

function table(block) {
  const cell = (item) => (item.type === "rich_text" ? richText(item) : [String(item.text ?? "")]);
  const [first = [], ...rest] = block.rows || [];
  return h("div.b-scroll", {}, h("table", {},
    h("thead", {}, h("tr", {}, ...first.map((item) => h("th", { scope: "col" }, ...cell(item))))),
    h("tbody", {}, ...rest.map((row) => h("tr", {}, ...row.map((item) => h("td", {}, ...cell(item))))))));
}

/** What is wrong with an input, next to it. */
function problem(view, block) {
  const text = view?.errors?.[block.block_id];
  return text ? h("p.b-error", { id: `error-${block.block_id}`, role: "alert" }, icon("warn"), text) : null;
}

function input(block, act, view) {
  const id = `in-${view?.id}-${block.block_id}`;
  const control = element(block.element, block, block.dispatch_action ? act : null, view, id);
  const isGroup = ["checkboxes", "radio_buttons"].includes(block.element.type);
  const label = [...textObject(block.label), block.optional ? h("span.b-optional", {}, " (optional)") : null];
  const error = problem(view, block);
  const target = control.matches("input, textarea, select") ? control : control.querySelector("input, textarea, select");
  if (error && target) {
    target.setAttribute("aria-invalid", "true");
    target.setAttribute("aria-describedby", error.id);
  }
  if (target && !block.optional && !isGroup) target.required = true;
  const hint = block.hint ? h("p.b-hint", {}, ...textObject(block.hint)) : null;
  if (isGroup) return h("fieldset.b-input", {}, h("legend", {}, ...label), control, hint, error);
  return h("div.b-input", {}, h("label", { htmlFor: id }, ...label), control, hint, error);
}

function element(item, block, act, view, id = null) {
  const at = { block: block.block_id, action: item.action_id || "", kind: item.type };
  const state = view?.state?.values?.[block.block_id]?.[item.action_id];
  switch (item.type) {
    case "button": return button(item, block, act);
    case "overflow": return overflow(item, block, act);
    case "static_select": return select(item, block, act, at, state, id);
    case "multi_static_select": return choices(item, block, act, at, state, "checkbox");
    case "checkboxes": return choices(item, block, act, at, state, "checkbox");
    case "radio_buttons": return choices(item, block, act, at, state, "radio");
    case "plain_text_input": return textInput(item, at, state, id);
    case "email_text_input": case "url_text_input": case "number_input": case "datepicker": case "timepicker": {
      const type = { email_text_input: "email", url_text_input: "url", number_input: "number", datepicker: "date", timepicker: "time" }[item.type];
      return h("input", { type, id, data: at, value: state?.value || state?.selected_date || state?.selected_time || "" });
    }
    default: return h("span.b-context", {}, `(${item.type})`);
  }
}

function button(item, block, act) {
  const style = item.style ? `.${item.style}` : "";
  const label = item.accessibility_label || null;
  const press = async (event) => {
    const url = item.url && safeUrl(item.url);
    if (url) window.open(url, url.startsWith(location.origin) ? "_self" : "_blank", "noopener");
    await busy(event.currentTarget, () => confirmed(item, () => act(item, block)));
  };
  return h(`button.btn${style}`, { type: "button", "aria-label": label, data: { action: item.action_id || "" }, onclick: press }, ...textObject(item.text));
}

function overflow(item, block, act) {
  const open = (event) => {
    const target = event.currentTarget;
    openMenu(target, item.options.map((option) => ({
      content: [h("span", {}, ...textObject(option.text))],
      pick: () => busy(target, () => confirmed(item, () => act(item, block, option.value))),
    })), { label: "More actions" });
  };
  return h("button.btn.square", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": item.accessibility_label || "More actions", data: { action: item.action_id || "" }, onclick: open }, icon("more"));
}

function select(item, block, act, at, state, id) {
  const chosen = state ? state.selected_option?.value : item.initial_option?.value;
  const option = (one) => h("option", { value: one.value, selected: one.value === chosen }, one.text.text);
  const box = h("select", { id, data: at, "aria-label": id ? null : item.placeholder?.text || "Choose" },
    h("option", { value: "", selected: !chosen }, item.placeholder?.text || "Choose…"),
    item.option_groups ? item.option_groups.map((group) => h("optgroup", { label: group.label.text }, ...group.options.map(option))) : (item.options || []).map(option));
  if (act) box.addEventListener("change", () => box.value && busy(box, () => confirmed(item, () => act(item, block, box.value))));
  return h("span.select", {}, box, icon("down"));
}

function choices(item, block, act, at, state, type) {
  const chosen = state?.selected_options?.map((option) => option.value) ?? [state?.selected_option?.value ?? item.initial_option?.value];
  const name = `${at.block}-${at.action}-${Math.random().toString(36).slice(2)}`;
  const box = h("div.choices", { data: at });
  for (const option of item.options || []) {
    const input = h("input", { type, name, value: option.value, checked: chosen.includes(option.value) });
    if (act) input.addEventListener("change", () => act(item, block, type === "radio" ? option.value : read(box)));
    box.append(h("label.choice", {}, input, h("span", {}, ...textObject(option.text), option.description ? h("small", {}, ...textObject(option.description)) : null)));
  }
  return box;
}

function textInput(item, at, state, id) {
  const attrs = { id, data: at, placeholder: item.placeholder?.text || "", maxLength: item.max_length || 3000, autocomplete: "off" };
  const value = state ? state.value || "" : item.initial_value || "";
  return item.multiline ? h("textarea", { ...attrs, rows: 4, value }) : h("input", { ...attrs, type: "text", value });
}

/** What a person filled in: {block_id: {action_id: text, option value, or list of option values}}. */
export function formValues(root) {
  const values = {};
  for (const box of root.querySelectorAll("[data-block]")) {
    (values[box.dataset.block] ||= {})[box.dataset.action] = read(box);
  }
  return values;
}

function read(box) {
  if (box.dataset.kind === "radio_buttons") return box.querySelector("input:checked")?.value || "";
  if (box.classList.contains("choices")) return [...box.querySelectorAll("input:checked")].map((input) => input.value);
  return box.value;
}

async function busy(target, work) {
  if (target.getAttribute("aria-busy") === "true") return;
  target.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    target.removeAttribute("aria-busy");
  }
}

/** Slack asks first where the element has a confirm object. */
async function confirmed(item, work) {
  if (item.confirm && !(await ask(item.confirm))) return;
  await work();
}

export function ask({ title, text, confirm, deny, style }) {
  const dialog = document.getElementById("ask");
  return new Promise((resolve) => {
    const done = (answer) => { dialog.onclose = null; dialog.close(); resolve(answer); };
    dialog.replaceChildren(
      h("h2", { id: "ask-title" }, ...textObject(title)),
      h("div.ask-text", {}, ...textObject(text)),
      h("div.buttons", {},
        h("button.btn", { type: "button", onclick: () => done(false) }, ...textObject(deny)),
        h(`button.btn.${style || "primary"}`, { type: "button", onclick: () => done(true), autofocus: true }, ...textObject(confirm))));
    dialog.onclose = () => resolve(false);
    dialog.showModal();
  });
}
