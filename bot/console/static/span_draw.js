// Drawing for the span editor: the text with its marks, the list of spans. No state of its own.

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

/** Draw a part anew: words as targets, spans as marks with edges, the selection and the cursor. */
export function drawPart(part, spans, { pick, cursor, active, severityOf, revealed, numberOf }) {
  const inside = document.createDocumentFragment();
  let at = 0;
  for (const span of spans) {
    inside.append(...cellsOf(part, at, span.from, pick, cursor));
    inside.append(markOf(part, span, { pick, cursor, isActive: span.key === active, severityOf, revealed, number: numberOf(span) }));
    at = span.to;
  }
  inside.append(...cellsOf(part, at, part.cells.length, pick, cursor));
  part.element.replaceChildren(inside);
}

function markOf(part, span, { pick, cursor, isActive, severityOf, revealed, number }) {
  const mark = make("mark", `span-mark mark-${severityOf(span.label)}`);
  mark.tabIndex = 0;
  mark.setAttribute("role", "button");
  mark.dataset.span = span.key;
  if (span.label) mark.dataset.label = span.label;
  mark.setAttribute("aria-pressed", String(isActive));
  const shown = span.isCovered ? "covered value" : part.text(span.from, span.to);
  mark.setAttribute("aria-label", `Span ${number}, ${span.label}: ${shown}`);
  if (isActive) mark.classList.add("is-active");
  if (revealed && !span.isCovered) mark.append(edgeOf("start"));
  mark.append(...cellsOf(part, span.from, span.to, pick, cursor));
  if (revealed && !span.isCovered) mark.append(edgeOf("end"));
  const tag = make("span", "mark-tag", `${number} ${span.label}`);
  mark.append(tag);
  return mark;
}

function edgeOf(side) {
  const edge = make("span", `edge edge-${side}`);
  edge.dataset.edge = side;
  edge.setAttribute("aria-hidden", "true");
  return edge;
}

/** Words and gaps between two cells; a word carries the cell it begins with. */
function* cellsOf(part, from, to, pick, cursor) {
  let at = from;
  while (at < to) {
    const cell = part.cells[at];
    if (cell.isDots) {
      yield make("span", "dots", cell.text);
      at += 1;
      continue;
    }
    const word = part.wordAt[at];
    const isPicked = pick && at >= pick.from && at < pick.to;
    let end = at + 1;
    while (
      end < to && part.wordAt[end] === word && !part.cells[end].isDots
      && Boolean(pick && end >= pick.from && end < pick.to) === Boolean(isPicked)
    ) end += 1;
    const text = part.text(at, end);
    if (word < 0) {
      if (isPicked) yield make("span", "gap is-picked", text);
      else yield document.createTextNode(text);
    } else {
      const element = make("span", "w", text);
      element.dataset.at = at;
      if (isPicked) element.classList.add("is-picked");
      if (cursor === word) element.classList.add("is-cursor");
      yield element;
    }
    at = end;
  }
}

/** The list beside the text: a row per span, with everything that a mouse or a finger needs. */
export function drawList(list, rows, labels) {
  const focused = document.activeElement?.closest?.("#span-list [data-act]");
  const remembered = focused && { key: focused.closest("li").dataset.span, act: focused.dataset.act };
  list.replaceChildren(...rows.map((row) => rowOf(row, labels)));
  if (remembered) {
    list.querySelector(`li[data-span="${remembered.key}"] [data-act="${remembered.act}"]`)?.focus();
  }
}

function rowOf({ span, number, value, revealed, isActive, note, nRepeats }, labels) {
  const row = make("li", "span-item");
  row.dataset.span = span.key;
  if (isActive) row.classList.add("is-active");
  const head = make("div", "span-item-head");
  head.append(make("span", "span-number", number));
  const select = make("select", "form-select form-select-sm");
  select.dataset.act = "label";
  select.setAttribute("aria-label", `Label of span ${number}`);
  for (const name of labels) {
    const option = make("option", "", name);
    option.selected = name === span.label;
    select.append(option);
  }
  head.append(select, buttonOf("remove", "×", `Remove span ${number}`));
  const facts = make("div", "span-item-facts");
  const shown = make("bdi", "span-value", value);
  facts.append(shown, make("span", "span-note", note));
  row.append(head, facts);
  if (revealed && !span.isCovered) {
    const edges = make("div", "span-edges");
    edges.append(
      pairOf("Start", buttonOf("start-out", "‹", `Span ${number}: begin one character earlier`), buttonOf("start-in", "›", `Span ${number}: begin one character later`)),
      pairOf("End", buttonOf("end-in", "‹", `Span ${number}: end one character earlier`), buttonOf("end-out", "›", `Span ${number}: end one character later`)),
    );
    if (nRepeats) edges.append(buttonOf("repeats", `= ${nRepeats} more`, `Mark ${nRepeats} more places where span ${number} stands again`));
    row.append(edges);
  }
  return row;
}

function pairOf(word, ...buttons) {
  const pair = make("span", "edge-pair", word);
  pair.append(...buttons);
  return pair;
}

function buttonOf(act, text, label) {
  const button = make("button", "btn btn-sm btn-quiet", text);
  button.type = "button";
  button.dataset.act = act;
  button.setAttribute("aria-label", label);
  button.title = label;
  return button;
}
