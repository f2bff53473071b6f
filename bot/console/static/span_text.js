// The text of a message as the span editor sees it: characters with their places in the stored text, words, graphemes.
//
// Places are the server's numbers, in code points; they are read from the page and sent back, never computed from
// string lengths. A "cell" is one code point, or the dots of a covered value, which nothing may cut.

/** One part of a message, read from the marks and words that the server drew. */
export class PartText {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.part;
    this.cells = []; // {text, start, end, isDots}
    this.words = []; // {from, to} in cells
    this.marks = []; // {from, to, ...what the server says of a span}
    this.#read(element, null);
    this.wordAt = new Array(this.cells.length).fill(-1);
    this.words.forEach((word, index) => this.wordAt.fill(index, word.from, word.to));
    this.borders = this.#borders();
  }

  #read(node, mark) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.#gap(child.data);
      else if (child.matches?.(".w")) this.#word(child);
      else if (child.matches?.(".dots")) this.cells.push({ text: child.textContent, isDots: true });
      else if (child.matches?.("mark")) this.#mark(child);
      else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(".mark-tag")) this.#read(child, mark);
    }
  }

  #mark(element) {
    const from = this.cells.length;
    this.#read(element, element);
    const { id, label, score, source, at } = element.dataset;
    const isPersons = "persons" in element.dataset;
    this.marks.push({ from, to: this.cells.length, id, label, score, source, at, isPersons });
  }

  #gap(text) {
    for (const char of text) this.cells.push({ text: char });
  }

  #word(element) {
    const chars = Array.from(element.textContent);
    const { start, starts, ends } = element.dataset;
    const from = this.cells.length;
    const firsts = starts?.split(",").map(Number);
    const lasts = ends?.split(",").map(Number);
    chars.forEach((text, index) => {
      const first = start === undefined ? undefined : firsts ? firsts[index] : Number(start) + index;
      const last = start === undefined ? undefined : lasts ? lasts[index] : first + 1;
      this.cells.push({ text, start: first, end: last });
    });
    const before = this.words.at(-1);
    if ("joined" in element.dataset && before?.to === from) before.to = this.cells.length;
    else this.words.push({ from, to: this.cells.length });
  }

  /** Where a span may begin or end: between graphemes as the browser knows them. */
  #borders() {
    const borders = new Set([0, this.cells.length]);
    const text = this.text(0, this.cells.length);
    const pieces = globalThis.Intl?.Segmenter
      ? [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].map((one) => one.segment)
      : this.cells.map((cell) => cell.text);
    const ends = new Set();
    let length = 0;
    for (const piece of pieces) ends.add(length += Array.from(piece).length);
    let at = 0;
    this.cells.forEach((cell, index) => {
      at += Array.from(cell.text).length;
      if (ends.has(at)) borders.add(index + 1);
      // the dots of a value stand alone, whatever follows them
      if (cell.isDots) borders.add(index).add(index + 1);
    });
    return borders;
  }

  /** What stands between two cells. */
  text(from, to) {
    return this.cells.slice(from, to).map((cell) => cell.text).join("");
  }

  /** The place in the stored text, undefined while values are covered. */
  place(from, to) {
    return { start: this.cells[from]?.start, end: this.cells[to - 1]?.end };
  }

  isBlank(index) {
    return this.cells[index] === undefined || this.wordAt[index] < 0;
  }

  isDots(index) {
    return this.cells[index]?.isDots === true;
  }

  /** The border one grapheme further (step 1) or back (-1), past white space; null at the end of the text. */
  nextBorder(at, step) {
    for (let next = at + step; next >= 0 && next <= this.cells.length; next += step) {
      if (this.isDots(step > 0 ? next - 1 : next)) return null;
      if (this.borders.has(next)) {
        const passed = step > 0 ? next - 1 : next;
        if (!this.isBlank(passed)) return next;
      }
    }
    return null;
  }

  /** The edge of the word beyond ``at`` in that direction. ``isEnd``: an end edge stops behind a word, a start before. */
  nextWordEdge(at, step, isEnd) {
    const edges = this.words.map((word) => (isEnd ? word.to : word.from));
    return step > 0 ? edges.find((edge) => edge > at) ?? null : edges.findLast((edge) => edge < at) ?? null;
  }

  /** The words from one to another, as cells; cut where a covered value stands between them. */
  span(first, last) {
    const [low, high] = first <= last ? [first, last] : [last, first];
    let from = this.words[low].from;
    let to = this.words[high].to;
    const dots = this.cells.map((cell, index) => (cell.isDots ? index : -1)).filter((index) => index >= from && index < to);
    if (dots.length) {
      if (first <= last) to = this.#endBefore(dots[0]);
      else from = this.#startAfter(dots.at(-1));
    }
    return { from, to };
  }

  #endBefore(index) {
    return this.words.findLast((word) => word.to <= index).to;
  }

  #startAfter(index) {
    return this.words.find((word) => word.from > index).from;
  }

  /** Where a text stands, without overlaps of itself, on whole graphemes. */
  places(text) {
    const wanted = Array.from(text).join("\u0000");
    const size = Array.from(text).length;
    const found = [];
    for (let at = 0; size && at + size <= this.cells.length; at += 1) {
      const here = this.cells.slice(at, at + size);
      if (here.some((cell) => cell.isDots) || here.map((cell) => cell.text).join("\u0000") !== wanted) continue;
      if (!this.borders.has(at) || !this.borders.has(at + size)) continue;
      found.push({ from: at, to: at + size });
      at += size - 1;
    }
    return found;
  }
}
