// Modals and the Home tab: views of the app.
import { act } from "./client.js";
import { blockList, formValues } from "./blocks.js";
import { h, icon } from "./dom.js";
import { report } from "./messages.js";
import { textObject } from "./mrkdwn.js";

let drawn = "";
let isFirst = true;

export function drawModal(state) {
  const dialog = document.getElementById("modal");
  // a reload takes modals away, as in Slack
  if (isFirst && state.modal) act({ do: "close_view", view: state.modal.id, everything: true });
  const view = isFirst ? null : state.modal;
  isFirst = false;
  if (!view) {
    drawn = "";
    if (dialog.open) dialog.close();
    return;
  }
  const sign = JSON.stringify([view.id, view.hash, view.errors]);
  if (sign === drawn && dialog.open) return;
  const isNew = !drawn.startsWith(`["${view.id}"`);
  const typed = isNew ? null : formValues(dialog);
  drawn = sign;
  dialog.replaceChildren(...modalContent(view, state));
  if (typed) keep(dialog, typed);
  if (!dialog.open) dialog.showModal();
  const wrong = dialog.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  else if (isNew) (dialog.querySelector(".modal-body :is(input, select, textarea)") || dialog.querySelector(".modal-close")).focus();
}

/** What the person typed survives an update of the view, where the field is still there. */
function keep(dialog, typed) {
  for (const box of dialog.querySelectorAll("[data-block]")) {
    const value = typed[box.dataset.block]?.[box.dataset.action];
    if (typeof value === "string" && "value" in box && value) box.value = value;
  }
}

function modalContent(view, state) {
  const dialog = document.getElementById("modal");
  const press = (element, block, value) => report(act({ do: "click_view", view: view.id, action_id: element.action_id, block_id: block.block_id, value, values: formValues(dialog) }), state);
  const close = () => report(act({ do: "close_view", view: view.id }), state);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  const form = h("form", { method: "dialog", noValidate: true });
  const submit = view.submit ? h("button.btn.primary", { type: "submit" }, ...textObject(view.submit)) : null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy") === "true") return;
    const empty = [...form.querySelectorAll("[required]")].find((box) => !box.value);
    if (empty) {
      empty.setAttribute("aria-invalid", "true");
      empty.focus();
    }
    submit.setAttribute("aria-busy", "true");
    await report(act({ do: "submit", view: view.id, values: formValues(dialog) }), state);
    submit.removeAttribute("aria-busy");
  });
  form.append(
    h("header.modal-head", {}, h("span.avatar.bot.small", { "aria-hidden": "true" }, icon("shield")), h("h2", { id: "modal-title" }, ...textObject(view.title)), h("button.icon.modal-close", { type: "button", "aria-label": "Close", onclick: close }, icon("close"))),
    h("div.modal-body", {}, ...blockList(view.blocks, press, { view })),
    h("div.toast-place", { role: "alert" }),
    h("footer.buttons", {}, h("button.btn", { type: "button", onclick: close }, ...(view.close ? textObject(view.close) : [view.depth > 1 ? "Back" : "Close"])), submit),
  );
  return [form];
}

/** The Home tab, in place of messages. */
export function drawHome(box, state) {
  const view = state.home;
  if (!view) return h("p.empty", {}, `${state.app.name} has not filled this tab yet.`);
  const press = (element, block, value) => report(act({ do: "click_view", view: view.id, action_id: element.action_id, block_id: block.block_id, value, values: formValues(box) }), state);
  return h("div.home", { data: { hash: view.hash } }, ...blockList(view.blocks, press, { view }));
}
