// The spans being edited: what each covers, every change undoable. Knows the text, not the page.

let made = 0;

/** Spans over some parts. Each change goes through ``change`` and can be taken back. */
export class SpanModel {
  #past = [];
  #future = [];

  constructor(parts, { revealed }) {
    this.parts = parts;
    this.revealed = revealed;
    this.spans = parts.flatMap((part, index) => part.marks.map((mark) => ({
      key: `s${made += 1}`,
      part: index,
      from: mark.from,
      to: mark.to,
      label: mark.label,
      id: mark.id,
      score: mark.score,
      source: mark.source,
      isPersons: mark.isPersons,
      // a span that the message does not have yet (two versions in one), by its places
      at: mark.at ? JSON.parse(mark.at) : null,
      isCovered: part.isDots(mark.from),
      was: { label: mark.label, from: mark.from, to: mark.to },
    })));
    this.start = this.spans;
  }

  get isChanged() {
    const known = this.start.filter((span) => !span.at).length;
    return this.spans.length !== known || this.spans.some((span) => !this.isAsBefore(span) || span.at);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  isAsBefore(span) {
    return Boolean(span.was) && span.label === span.was.label && span.from === span.was.from && span.to === span.was.to;
  }

  get(key) {
    return this.spans.find((span) => span.key === key);
  }

  ofPart(index) {
    return this.spans.filter((span) => span.part === index);
  }

  number(span) {
    return this.spans.indexOf(span) + 1;
  }

  value(span) {
    return this.parts[span.part].text(span.from, span.to);
  }

  #set(spans) {
    this.#past.push(this.spans);
    this.#future = [];
    this.spans = ordered(spans);
  }

  /** Take the last change back; false when there is none. */
  undo() {
    if (!this.#past.length) return false;
    this.#future.push(this.spans);
    this.spans = this.#past.pop();
    return true;
  }

  redo() {
    if (!this.#future.length) return false;
    this.#past.push(this.spans);
    this.spans = this.#future.pop();
    return true;
  }

  /** Back to what was there at first. */
  reset() {
    if (this.spans !== this.start) this.#set(this.start);
  }

  /** Mark cells; spans that they touch give way. With covered values a mark is a text, and stands wherever it does. */
  add(part, from, to, label) {
    const places = this.revealed ? [{ part, from, to }] : this.#everywhere(this.parts[part].text(from, to));
    const gone = this.spans.filter((span) => !span.isCovered && places.some((place) => touches(span, place)));
    const group = this.revealed ? null : `g${made += 1}`;
    const fresh = places.map((place) => ({ key: `s${made += 1}`, ...place, label, group }));
    this.#set([...this.spans.filter((span) => !gone.includes(span)), ...fresh]);
    return { span: fresh.find((span) => span.part === part && span.from === from), nGone: gone.length, nPlaces: places.length };
  }

  relabel(key, label) {
    const one = this.get(key);
    if (!one || one.label === label) return false;
    this.#set(this.spans.map((span) => (span === one || (one.group && span.group === one.group) ? { ...span, label } : span)));
    return true;
  }

  remove(key) {
    const one = this.get(key);
    if (!one) return false;
    this.#set(this.spans.filter((span) => span !== one && !(one.group && span.group === one.group)));
    return true;
  }

  /** Put an edge of a span at a border, as far as its neighbours let it. */
  moveEdge(key, side, to, { isLive = false } = {}) {
    const one = this.get(key);
    if (!one || one.isCovered || !this.revealed || to === null) return false;
    const others = this.ofPart(one.part).filter((span) => span !== one);
    const low = Math.max(0, ...others.filter((span) => span.to <= one.from).map((span) => span.to));
    const high = Math.min(this.parts[one.part].cells.length, ...others.filter((span) => span.from >= one.to).map((span) => span.from));
    const moved = { ...one };
    if (side === "start") moved.from = Math.max(low, to);
    else moved.to = Math.min(high, to);
    if (moved.from >= moved.to) return false;
    this.#trim(moved);
    if (moved.from >= moved.to || (moved.from === one.from && moved.to === one.to)) return false;
    const spans = this.spans.map((span) => (span === one ? moved : span));
    // of a drag only where it began can be gone back to
    if (isLive) this.spans = ordered(spans);
    else this.#set(spans);
    return true;
  }

  /** Remember the state before a drag. */
  beginLive() {
    const before = this.spans;
    return () => {
      if (this.spans === before) return;
      this.#past.push(before);
      this.#future = [];
    };
  }

  /** Mark every place where the value of a span stands again; gives how many were new. */
  repeats(key) {
    const fresh = this.newRepeats(key);
    const one = this.get(key);
    if (fresh.length) this.#set([...this.spans, ...fresh.map((place) => ({ key: `s${made += 1}`, ...place, label: one.label }))]);
    return fresh.length;
  }

  newRepeats(key) {
    const one = this.get(key);
    if (!one || one.isCovered || !this.revealed) return [];
    return this.#everywhere(this.value(one)).filter((place) => !this.spans.some((span) => touches(span, place)));
  }

  /** Mark a text wherever it stands unmarked; gives how many places. */
  addText(text, label) {
    const places = this.#everywhere(text).filter((place) => !this.spans.some((span) => touches(span, place)));
    const group = this.revealed ? null : `g${made += 1}`;
    if (places.length) this.#set([...this.spans, ...places.map((place) => ({ key: `s${made += 1}`, ...place, label, group }))]);
    return places.length;
  }

  #everywhere(text) {
    return this.parts.flatMap((part, index) => part.places(text).map((place) => ({ part: index, ...place })));
  }

  #trim(span) {
    const part = this.parts[span.part];
    while (span.from < span.to && part.isBlank(span.from)) span.from += 1;
    while (span.to > span.from && part.isBlank(span.to - 1)) span.to -= 1;
  }

  /** Take up what ``toJSON`` once gave, on this page or on the same one with its values covered or revealed. */
  restore(marks) {
    const spans = [];
    for (const mark of marks) {
      if (mark.keep) {
        const known = this.start.find((span) => span.id === mark.keep);
        if (known) spans.push({ ...known, label: mark.label });
      } else if (mark.find) {
        const group = this.revealed ? null : `g${made += 1}`;
        for (const place of this.#everywhere(mark.find)) {
          if (!spans.some((span) => touches(span, place))) spans.push({ key: `s${made += 1}`, ...place, label: mark.label, group });
        }
      } else {
        const part = this.parts.findIndex((one) => one.name === mark.part);
        const from = this.parts[part]?.cells.findIndex((cell) => cell.start === mark.start) ?? -1;
        const to = (this.parts[part]?.cells.findIndex((cell) => cell.end === mark.end) ?? -1) + 1;
        const known = this.start.find((span) => span.at && span.at.part === mark.part && span.at.start === mark.start && span.at.end === mark.end);
        if (known) spans.push({ ...known, label: mark.label });
        else if (from >= 0 && to > from) spans.push({ key: `s${made += 1}`, part, from, to, label: mark.label });
      }
    }
    this.#set(spans);
  }

  /** As the server reads it. */
  toJSON() {
    const found = new Map();
    const marks = [];
    for (const span of this.spans) {
      const label = span.label;
      const isUnmoved = span.was && span.from === span.was.from && span.to === span.was.to;
      if (span.at && isUnmoved) marks.push({ ...span.at, label });
      else if (span.id && isUnmoved) marks.push({ keep: span.id, label });
      else if (!this.revealed) {
        const key = `${label}\u0000${this.value(span)}`;
        if (!found.has(key)) marks.push({ find: this.value(span), label });
        found.set(key, true);
      } else {
        const part = this.parts[span.part];
        marks.push({ part: part.name, ...part.place(span.from, span.to), label, text: this.value(span) });
      }
    }
    return marks;
  }
}

const touches = (one, other) => one.part === other.part && one.from < other.to && other.from < one.to;
const ordered = (spans) => [...spans].sort((a, b) => a.part - b.part || a.from - b.from);
