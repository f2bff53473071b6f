// A short line at the bottom that goes away by itself; it can be dismissed before.
import { h, icon } from "./dom.js";

export function tell(text) {
  const box = document.getElementById("toasts");
  const node = h("div.toast", {}, icon("warn"), h("span", {}, text), h("button.icon", { type: "button", "aria-label": "Dismiss", onclick: () => node.remove() }, icon("close")));
  // an open dialog makes everything outside of it inert
  (document.querySelector("dialog[open] .toast-place") || box).append(node);
  setTimeout(() => node.remove(), 8000);
}
