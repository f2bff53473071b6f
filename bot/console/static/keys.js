// Keys: a button or link with data-key="c" is pressed by c; "g q" is g, then q; "s|Ctrl+Enter" are two ways.
// Single keys do nothing inside fields, in dialogs, and where the person switched them off (<html data-keys="off">).
import { isTyping } from "./page.js";

const root = document.documentElement;
const isOff = () => root.dataset.keys === "off";
const wished = JSON.parse(root.dataset.keymap || "{}"); // {"c": "y"}: what is c by default is y for this person
const SEQUENCE_MS = 1200;
let begun = "";
let begunAt = 0;

/** The keys of an element, as this person has them. */
function keysOf(element) {
  return element.dataset.key.split("|").map((key) => wished[key] ?? key);
}

/** How a key press is written: "c", "?", "Ctrl+Enter". */
function nameOf(event) {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return control + alt + shift + key;
}

function isShown(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function find(name) {
  return [...document.querySelectorAll("[data-key]")].find((one) => keysOf(one).includes(name) && (isShown(one) || one.closest(".sidebar")));
}

function press(element) {
  if (element.matches("summary")) element.parentElement.open = !element.parentElement.open;
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (isPlain && (isOff() || isTyping(event.target))) return;
  const field = isPlain && document.querySelector(`[data-key-focus="${CSS.escape(name)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
    field.select?.();
    return;
  }
  const sequence = begun && Date.now() - begunAt < SEQUENCE_MS ? `${begun} ${name}` : "";
  begun = "";
  const found = (sequence && find(sequence)) || find(name);
  if (found) {
    // Enter and Space on a link or button are the browser's own
    if (["Enter", "Space"].includes(name) && event.target.closest?.("a, button, summary, input")) return;
    event.preventDefault();
    press(found);
  } else if (isPlain && [...document.querySelectorAll("[data-key]")].some((one) => keysOf(one).some((key) => key.startsWith(name + " ")))) {
    begun = name;
    begunAt = Date.now();
  }
});

/** What the element does, in words. */
function textOf(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((one) => one.remove());
  return (element.dataset.keyText || element.getAttribute("aria-label") || copy.textContent || element.title).replace(/\s+/g, " ").trim();
}

function fillHelp(dialog) {
  const list = document.createElement("ul");
  list.className = "keys";
  const seen = new Set();
  const add = (text, keys) => {
    if (!text || seen.has(keys.join())) return;
    seen.add(keys.join());
    const row = document.createElement("li");
    const label = document.createElement("span");
    const ways = document.createElement("span");
    label.textContent = text;
    keys.forEach((key, index) => {
      if (index) ways.append(" or ");
      key.split(" ").forEach((part) => {
        const cap = document.createElement("kbd");
        cap.textContent = part;
        ways.append(cap, " ");
      });
    });
    row.append(label, ways);
    list.append(row);
  };
  document.querySelectorAll("[data-key-focus]").forEach((one) => add("Search", [one.dataset.keyFocus]));
  document.querySelectorAll("[data-key]").forEach((one) => {
    if (isShown(one) || one.closest(".sidebar")) add(textOf(one), keysOf(one));
  });
  dialog.querySelector("#keys-list").replaceChildren(list);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.openDialog);
    if (dialog.id === "keys-help") fillHelp(dialog);
    dialog.showModal();
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// the folded navigation of narrow screens
const fold = document.getElementById("nav-fold");
fold?.querySelector("summary").addEventListener("click", (event) => {
  event.preventDefault();
  const isOpen = fold.classList.toggle("is-unfolded");
  event.currentTarget.setAttribute("aria-expanded", String(isOpen));
});

// caps beside the words of buttons show the key that this person chose
document.querySelectorAll("[data-key] kbd").forEach((cap) => {
  cap.textContent = wished[cap.textContent.trim()] ?? cap.textContent;
});
