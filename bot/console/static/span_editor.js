// The span editor: mark personal data in a message with the mouse, a finger or the keyboard alone.
//
// Mouse: select words, drag edges. Keys: arrows move, Shift selects, 1-9 and 0 label, Tab goes from mark to mark,
// [ ] grow an edge by a character and { } shrink it, = marks repeats, Delete removes, u undoes. Posts the field "marks".
import { announce, isTyping } from "./page.js";
import { drawList, drawPart } from "./span_draw.js";
import { SpanModel } from "./span_model.js";
import { wordAt, wordOnNextLine } from "./span_place.js";
import { PartText } from "./span_text.js";

const PER_PAGE = 9;
const COVERED = "Values are covered: edges move only while they are revealed. Press r to reveal.";
const EDGE_KEYS = { "[": ["start", -1], "{": ["start", 1], "]": ["end", 1], "}": ["end", -1] };

/** Start the editor of a page, or of a fragment that was put into it; null where there is nothing to edit. */
export function mountEditor(root = document) {
  const text = root.querySelector("[data-span-editor]");
  return text ? new SpanEditor(text) : null;
}

export class SpanEditor {
  constructor(text) {
    const find = (id) => document.getElementById(id);
    this.text = text;
    this.revealed = text.dataset.revealed === "true";
    this.parts = [...text.querySelectorAll("[data-part]")].map((element) => new PartText(element));
    this.model = new SpanModel(this.parts, { revealed: this.revealed });
    this.palette = find("palette");
    this.list = find("span-list");
    this.field = find("marks");
    this.buttons = [...find("palette-labels").querySelectorAll("[data-label]")];
    this.labels = this.buttons.map((button) => button.dataset.label);
    this.severities = new Map(this.buttons.map((button) => [button.dataset.label, button.dataset.severity]));
    this.page = 0;
    this.pick = null; // {part, from, to, first, last}: cells, and the words it was made of
    this.cursor = null; // {part, word}
    this.active = null; // the key of a span
    this.listeners = new AbortController();
    find("span-tools").hidden = false;
    find("span-rows").disabled = true;
    find("span-rows").hidden = true;
    this.#prepareText();
    this.#listen(find);
    this.draw();
  }

  /** Stop listening: the page has another flag now. */
  close() {
    this.listeners.abort();
  }

  get isChanged() {
    return this.model.isChanged;
  }

  /** The edits, for ``restore`` on another drawing of the same message. */
  get marks() {
    return this.model.toJSON();
  }

  restore(marks) {
    this.model.restore(marks);
    this.draw();
  }

  focus() {
    if (!this.cursor) this.cursor = this.#firstWord();
    this.text.focus();
    this.draw();
  }

  #prepareText() {
    this.text.tabIndex = 0;
    this.text.setAttribute("role", "application");
    this.text.setAttribute("aria-roledescription", "span editor");
    this.text.setAttribute("aria-label", "Message. Arrows move by word, Shift with arrows selects, a number gives a label");
    this.text.classList.add("is-live");
  }

  #listen(find) {
    const on = (target, type, listener, options = {}) => target?.addEventListener(type, listener, { ...options, signal: this.listeners.signal });
    on(this.text, "keydown", (event) => this.#key(event));
    on(this.text, "pointerdown", (event) => this.#down(event));
    on(this.text, "focusin", (event) => this.#focused(event));
    on(this.text, "dragstart", (event) => event.preventDefault());
    on(this.palette, "click", (event) => this.#paletteClick(event));
    on(this.palette, "keydown", (event) => this.#paletteKey(event));
    on(this.list, "click", (event) => this.#listClick(event));
    on(this.list, "change", (event) => this.#listChange(event));
    on(find("span-undo"), "click", () => this.undo());
    on(find("span-reset"), "click", () => this.#did(() => this.model.reset(), "All changes taken back."));
    on(find("exact-go"), "click", () => this.#addExact(find("exact-text"), find("exact-label").value));
    on(find("exact-text"), "keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#addExact(find("exact-text"), find("exact-label").value);
    });
    on(document, "keydown", (event) => this.#anywhere(event), { capture: true });
  }

  // -- drawing ----------------------------------------------------------------------------------------------------

  draw() {
    const held = this.text.contains(document.activeElement) ? document.activeElement : null;
    const heldSpan = held?.dataset?.span;
    this.isDrawing = true;
    this.parts.forEach((part, index) => drawPart(part, this.model.ofPart(index), {
      pick: this.pick?.part === index ? this.pick : null,
      cursor: !this.active && this.cursor?.part === index ? this.cursor.word : null,
      active: this.active,
      revealed: this.revealed,
      severityOf: (label) => this.severities.get(label) ?? "low",
      numberOf: (span) => this.model.number(span),
    }));
    if (held && held !== this.text) (this.#markOf(heldSpan) ?? this.text).focus({ preventScroll: true });
    this.isDrawing = false;
    this.#drawTools();
  }

  #drawTools() {
    drawList(this.list, this.model.spans.map((span) => this.#row(span)), this.labels);
    document.getElementById("span-empty").hidden = this.model.spans.length > 0;
    const count = document.getElementById("span-count");
    if (count) count.textContent = this.model.spans.length;
    document.getElementById("span-undo").disabled = !this.model.canUndo;
    document.getElementById("span-reset").disabled = !this.isChanged;
    this.field.value = JSON.stringify(this.model.toJSON());
    this.#drawPalette();
    this.text.dispatchEvent(new CustomEvent("spans-changed", { bubbles: true, detail: { isChanged: this.isChanged } }));
  }

  #row(span) {
    const before = this.model.isAsBefore(span);
    return {
      span,
      number: this.model.number(span),
      value: span.isCovered ? "•••" : this.model.value(span),
      revealed: this.revealed,
      isActive: span.key === this.active,
      note: before && !span.isPersons ? `${span.score} ${span.source}` : before ? span.source : span.was ? "changed by you" : "added by you",
      nRepeats: this.revealed ? this.model.newRepeats(span.key).length : 0,
    };
  }

  #drawPalette() {
    const span = this.active && this.model.get(this.active);
    const isOpen = Boolean(this.pick || span);
    this.palette.hidden = !isOpen;
    if (!isOpen) return;
    const words = this.pick ? this.parts[this.pick.part].text(this.pick.from, this.pick.to) : "";
    const what = document.getElementById("palette-what");
    what.textContent = this.pick ? "Selected: " : `Span ${this.model.number(span)} is: `;
    if (this.pick) {
      const shown = document.createElement("bdi");
      shown.textContent = words.length > 60 ? `${words.slice(0, 60)}…` : words;
      what.append(shown);
    }
    this.buttons.forEach((button, index) => {
      const cap = button.querySelector("kbd");
      const onPage = Math.floor(index / PER_PAGE) === this.page;
      cap.textContent = onPage ? String((index % PER_PAGE) + 1) : "";
      cap.hidden = !onPage;
      button.setAttribute("aria-pressed", String(Boolean(span) && !this.pick && span.label === button.dataset.label));
    });
    this.#drawEdges();
  }

  #drawEdges() {
    const edges = document.getElementById("palette-edges");
    if (edges.childElementCount) return;
    const add = (act, text, label) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm btn-quiet", textContent: text, title: label });
      button.dataset.pick = act;
      button.setAttribute("aria-label", label);
      edges.append(button);
    };
    add("before", "‹ word", "Select one word more before");
    add("after", "word ›", "Select one word more after");
    add("more", "0 more", "Keys 1 to 9 for the next labels");
    add("none", "Esc", "Let the selection go");
  }

  // -- changes ----------------------------------------------------------------------------------------------------

  #did(change, words) {
    const done = change();
    if (done === false) return false;
    this.draw();
    if (words) announce(typeof words === "function" ? words(done) : words);
    return done;
  }

  undo() {
    const done = this.#did(() => this.model.undo(), () => `Change undone. ${this.model.spans.length} spans.`);
    if (done === false) announce("Nothing to undo.");
    return done;
  }

  /** Label the selection, or else the active mark, or else the word at the cursor. */
  label(label) {
    if (!this.pick && !this.active && this.cursor) this.#pickWords(this.cursor.part, this.cursor.word, this.cursor.word);
    if (this.pick) {
      const { part, from, to } = this.pick;
      const words = this.parts[part].text(from, to);
      this.pick = null;
      this.page = 0;
      const added = this.model.add(part, from, to, label);
      this.active = added.span?.key ?? null;
      this.draw();
      if (this.text.contains(document.activeElement)) this.#markOf(this.active)?.focus({ preventScroll: true });
      const places = added.nPlaces > 1 ? `, in ${added.nPlaces} places` : "";
      const gone = added.nGone ? `, in place of ${added.nGone}` : "";
      announce(`Marked ${words} as ${label}${places}${gone}.`);
    } else if (this.active) {
      this.page = 0;
      const number = this.model.number(this.model.get(this.active));
      if (!this.#did(() => this.model.relabel(this.active, label), `Span ${number} is ${label} now.`)) this.draw();
    } else {
      announce("Select text first.");
    }
  }

  remove(key) {
    const span = this.model.get(key);
    if (!span) return;
    const number = this.model.number(span);
    const spans = this.model.spans;
    const neighbour = spans[number] ?? spans[number - 2];
    const hadFocus = this.text.contains(document.activeElement);
    this.model.remove(key);
    if (this.active === key) this.active = null;
    this.draw();
    if (hadFocus) (this.#markOf(neighbour?.key) ?? this.text).focus();
    announce(`Span ${number}, ${span.label}, removed. ${this.model.spans.length} left.`);
  }

  moveEdge(key, side, step, { byWord = false } = {}) {
    const span = this.model.get(key);
    if (!span) return;
    if (span.isCovered || !this.revealed) {
      announce(COVERED);
      this.#hint();
      return;
    }
    const part = this.parts[span.part];
    const at = side === "start" ? span.from : span.to;
    const to = byWord ? part.nextWordEdge(at, step, side === "end") : part.nextBorder(at, step);
    const inward = (side === "start" ? 1 : -1) === step;
    // moving inward steps over the character at the edge; moving outward takes the next one in
    const target = inward && !byWord ? this.#inward(part, at, step) : to;
    const moved = this.#did(() => this.model.moveEdge(key, side, target), () => {
      const now = this.model.get(key);
      return `Span ${this.model.number(now)}: ${this.model.value(now)}`;
    });
    if (moved === false) announce("The edge cannot move further.");
  }

  #inward(part, at, step) {
    for (let next = at + step; next > 0 && next < part.cells.length; next += step) {
      if (part.borders.has(next)) return next;
    }
    return null;
  }

  #repeats(key) {
    const label = this.model.get(key)?.label;
    const done = this.model.repeats(key);
    this.draw();
    announce(done ? `Marked ${done} more as ${label}.` : "This value stands nowhere else.");
  }

  #addExact(field, label) {
    const text = field.value.trim();
    const done = text ? this.model.addText(text, label) : 0;
    if (done) {
      field.value = "";
      this.draw();
    }
    announce(done ? `Marked as ${label} in ${done} ${done === 1 ? "place" : "places"}.` : "This text does not stand in the message unmarked; copy it exactly as it stands there.");
    field.setAttribute("aria-invalid", String(!done));
    document.getElementById("problem")?.replaceChildren();
    if (!done) this.#problem("This text does not stand in the message unmarked. Copy it exactly as it stands there.");
  }

  #problem(words) {
    const line = document.createElement("p");
    line.className = "flash flash-error";
    line.textContent = words;
    document.getElementById("problem")?.replaceChildren(line);
  }

  #hint() {
    const hint = document.getElementById("masked-hint");
    hint?.classList.remove("is-called");
    requestAnimationFrame(() => hint?.classList.add("is-called"));
  }

  // -- selection --------------------------------------------------------------------------------------------------

  #pickWords(part, first, last) {
    const { from, to } = this.parts[part].span(first, last);
    this.pick = from < to ? { part, from, to, first, last } : null;
    this.active = null;
  }

  #growPick(side, step, { byWord = false } = {}) {
    const part = this.parts[this.pick.part];
    const at = side === "start" ? this.pick.from : this.pick.to;
    const isInward = (side === "start" ? 1 : -1) === step;
    const to = byWord ? part.nextWordEdge(at, step, side === "end") : isInward ? this.#inward(part, at, step) : part.nextBorder(at, step);
    if (to === null) return;
    const pick = { ...this.pick, [side === "start" ? "from" : "to"]: to };
    if (pick.from >= pick.to || part.cells.slice(pick.from, pick.to).some((cell) => cell.isDots)) return;
    this.pick = pick;
    this.draw();
    announce(`Selected ${part.text(pick.from, pick.to)}`);
  }

  #clear() {
    this.pick = null;
    this.active = null;
    this.page = 0;
    this.draw();
  }

  #firstWord() {
    const part = this.parts.findIndex((one) => one.words.length);
    return part < 0 ? null : { part, word: 0 };
  }

  #markOf(key) {
    return key ? this.text.querySelector(`mark[data-span="${key}"]`) : null;
  }

  #focused(event) {
    if (this.isDrawing) return;
    const key = event.target.dataset?.span;
    if (key && key !== this.active) {
      this.active = key;
      this.pick = null;
      const span = this.model.get(key);
      this.cursor = { part: span.part, word: Math.max(0, this.parts[span.part].wordAt[span.from]) };
      this.draw();
    } else if (event.target === this.text && !this.cursor && event.target.matches(":focus-visible")) {
      this.cursor = this.#firstWord();
      this.draw();
    }
  }

  // -- keys -------------------------------------------------------------------------------------------------------

  #anywhere(event) {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    const isPlainU = event.key === "u" && !event.ctrlKey && !event.metaKey && !event.altKey && document.documentElement.dataset.keys !== "off";
    if (isUndo && event.shiftKey) {
      event.preventDefault();
      this.#did(() => this.model.redo(), "Change made again.");
    } else if ((isUndo || isPlainU) && this.model.canUndo) {
      event.preventDefault();
      event.stopPropagation();
      this.undo();
    }
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    const key = event.target.closest("mark")?.dataset.span ?? (this.pick ? null : this.active);
    const handled = this.#common(event) || (this.pick ? this.#pickKey(event) : key ? this.#markKey(event, key) : false) || this.#cursorKey(event);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #common(event) {
    if (/^[0-9]$/.test(event.key) && !event.altKey) return this.#digit(Number(event.key));
    if (event.key !== "Escape" || !(this.pick || this.active)) return false;
    const mark = event.target.closest("mark");
    this.#clear();
    if (mark) this.text.focus();
    return true;
  }

  #digit(digit) {
    if (digit === 0) {
      this.page = (this.page + 1) % Math.ceil(this.labels.length / PER_PAGE);
      this.#drawPalette();
      announce(this.labels.slice(this.page * PER_PAGE, (this.page + 1) * PER_PAGE).map((label, index) => `${index + 1} ${label}`).join(", "));
      return true;
    }
    const label = this.labels[this.page * PER_PAGE + digit - 1];
    if (label) this.label(label);
    return true;
  }

  #pickKey(event) {
    if (event.key in EDGE_KEYS) {
      this.#growPick(...EDGE_KEYS[event.key]);
      return true;
    }
    if (event.key === "Enter") {
      this.buttons[this.page * PER_PAGE].focus();
      return true;
    }
    return false;
  }

  #markKey(event, key) {
    const onMark = event.target.closest("mark");
    if (event.key in EDGE_KEYS) this.moveEdge(key, ...EDGE_KEYS[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(key);
    else if (event.key === "=") this.#repeats(key);
    else if (onMark && event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const step = this.#stepOf(event.key, this.model.get(key).part);
      this.moveEdge(key, event.altKey ? "start" : "end", step, { byWord: true });
    } else if (onMark && (event.key === "Enter" || event.key === " ")) {
      this.buttons[this.page * PER_PAGE].focus();
    } else return false;
    return true;
  }

  /** Left and right as they look: in a right-to-left text the left arrow goes on. */
  #stepOf(key, part) {
    const isRtl = getComputedStyle(this.parts[part].element).direction === "rtl";
    return (key === "ArrowRight") === isRtl ? -1 : 1;
  }

  #cursorKey(event) {
    if (event.altKey || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return false;
    const from = this.cursor ?? this.#firstWord();
    if (!from) return false;
    const to = this.cursor ? this.#moved(from, event.key) : from;
    if (event.shiftKey) {
      const first = this.pick?.part === to.part && this.pick.first !== undefined ? this.pick.first : from.word;
      if (to.part === from.part) this.#pickWords(to.part, first, to.word);
    } else {
      this.pick = null;
      this.active = null;
    }
    this.cursor = { part: to.part, word: to.word };
    if (event.target !== this.text) this.text.focus({ preventScroll: true });
    this.draw();
    this.text.querySelector(".w.is-cursor")?.scrollIntoView({ block: "nearest" });
    const part = this.parts[to.part];
    const word = part.words[to.word];
    announce(this.pick ? `Selected ${part.text(this.pick.from, this.pick.to)}` : part.text(word.from, word.to));
    return true;
  }

  #moved({ part, word }, key) {
    const n = this.parts[part].words.length;
    if (key === "Home") return { part, word: 0 };
    if (key === "End") return { part, word: n - 1 };
    if (key === "ArrowUp" || key === "ArrowDown") return wordOnNextLine(this.parts, { part, word }, key === "ArrowDown" ? 1 : -1);
    const step = this.#stepOf(key, part);
    if (word + step >= 0 && word + step < n) return { part, word: word + step };
    const next = this.parts.findIndex((one, index) => one.words.length && (step > 0 ? index > part : false));
    const before = this.parts.findLastIndex((one, index) => one.words.length && (step < 0 ? index < part : false));
    if (next >= 0) return { part: next, word: 0 };
    return before >= 0 ? { part: before, word: this.parts[before].words.length - 1 } : { part, word };
  }

  // -- mouse and finger -------------------------------------------------------------------------------------------

  #down(event) {
    if (event.button !== 0) return;
    const edge = event.target.closest(".edge");
    if (edge) {
      event.preventDefault();
      this.#dragEdge(event, edge.closest("mark").dataset.span, edge.dataset.edge);
      return;
    }
    const start = wordAt(this.text, this.parts, event.clientX, event.clientY);
    const mark = event.target.closest("mark");
    if (!start && !mark) {
      this.#clear();
      return;
    }
    if (event.pointerType !== "mouse") {
      this.#tap(start, mark);
      return;
    }
    event.preventDefault();
    if (event.shiftKey && this.pick && start?.part === this.pick.part) {
      this.#pickWords(start.part, this.pick.first ?? start.word, start.word);
      this.#afterPick();
      return;
    }
    this.#dragWords(event, start, mark?.dataset.span);
  }

  #tap(start, mark) {
    if (mark) mark.focus();
    else if (start) {
      this.#pickWords(start.part, start.word, start.word);
      this.#afterPick();
    }
  }

  #afterPick() {
    if (this.pick) this.cursor = { part: this.pick.part, word: this.pick.last };
    this.text.focus({ preventScroll: true });
    this.draw();
    if (this.pick) announce(`Selected ${this.parts[this.pick.part].text(this.pick.from, this.pick.to)}`);
  }

  #dragWords(event, start, markKey) {
    let hasMoved = false;
    const move = (next) => {
      const here = start && wordAt(this.text, this.parts, next.clientX, next.clientY);
      if (!here || here.part !== start.part) return;
      if (!hasMoved && here.word === start.word && Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) < 6) return;
      hasMoved = true;
      if (this.pick?.first === start.word && this.pick.last === here.word) return;
      this.#pickWords(start.part, start.word, here.word);
      this.draw();
    };
    this.#follow(event, move, () => {
      if (!hasMoved && markKey) {
        this.#markOf(markKey)?.focus({ preventScroll: true });
        return;
      }
      if (!hasMoved && start) this.#pickWords(start.part, start.word, start.word);
      this.#afterPick();
    });
  }

  #dragEdge(event, key, side) {
    const span = this.model.get(key);
    this.active = key;
    this.pick = null;
    const finish = this.model.beginLive();
    const move = (next) => {
      const here = wordAt(this.text, this.parts, next.clientX, next.clientY, { exact: next.altKey });
      if (!here || here.part !== span.part) return;
      const word = this.parts[here.part].words[here.word];
      const to = next.altKey ? here.at : side === "start" ? word.from : word.to;
      if (this.model.moveEdge(key, side, to, { isLive: true })) this.draw();
    };
    this.text.classList.add("is-dragging");
    this.#follow(event, move, () => {
      this.text.classList.remove("is-dragging");
      finish();
      this.draw();
      this.#markOf(key)?.focus({ preventScroll: true });
      const now = this.model.get(key);
      announce(`Span ${this.model.number(now)}: ${this.model.value(now)}`);
    });
  }

  #follow(event, move, end) {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const finish = () => {
      stop.abort();
      end();
    };
    document.addEventListener("pointermove", move, options);
    document.addEventListener("pointerup", finish, options);
    document.addEventListener("pointercancel", finish, options);
  }

  // -- palette and list -------------------------------------------------------------------------------------------

  #paletteClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.label) {
      this.label(button.dataset.label);
      (this.#markOf(this.active) ?? this.text).focus({ preventScroll: true });
    } else if (button.dataset.pick === "more") this.#digit(0);
    else if (button.dataset.pick === "none") {
      this.#clear();
      this.text.focus({ preventScroll: true });
    } else if (this.pick) {
      const isAfter = button.dataset.pick === "after";
      this.#growPick(isAfter ? "end" : "start", isAfter ? 1 : -1, { byWord: true });
    } else if (this.active) {
      const isAfter = button.dataset.pick === "after";
      this.moveEdge(this.active, isAfter ? "end" : "start", isAfter ? 1 : -1, { byWord: true });
    }
  }

  #paletteKey(event) {
    if (event.key === "Escape" || /^[0-9]$/.test(event.key)) {
      this.#common(event);
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== "0") (this.#markOf(this.active) ?? this.text).focus({ preventScroll: true });
    }
  }

  #listClick(event) {
    const button = event.target.closest("button[data-act]");
    const key = event.target.closest("li")?.dataset.span;
    if (!key) return;
    const acts = { "start-out": ["start", -1], "start-in": ["start", 1], "end-in": ["end", -1], "end-out": ["end", 1] };
    if (button?.dataset.act === "remove") {
      this.remove(key);
      (this.list.querySelector("[data-act=remove]") ?? document.getElementById("span-undo")).focus();
    } else if (button?.dataset.act === "repeats") this.#repeats(key);
    else if (button) this.moveEdge(key, ...acts[button.dataset.act]);
    else if (!event.target.closest("select")) {
      this.active = key;
      this.pick = null;
      this.draw();
      this.#markOf(key)?.scrollIntoView({ block: "nearest" });
    }
  }

  #listChange(event) {
    const key = event.target.closest("li")?.dataset.span;
    if (event.target.dataset.act !== "label" || !key) return;
    const label = event.target.value;
    this.#did(() => this.model.relabel(key, label), () => `Span ${this.model.number(this.model.get(key))} is ${label} now.`);
  }
}
