// Where words stand on the screen: which one is under a point, and which one above or below another.

/** The word under a point, or nearest to it on its line; ``at``: the border of a grapheme nearest to it, if ``exact``. */
export function wordAt(text, parts, x, y, { exact = false } = {}) {
  let element = document.elementFromPoint(x, y)?.closest?.(".w");
  if (!element || !text.contains(element)) element = nearest(text, x, y);
  const index = element ? parts.findIndex((part) => part.element.contains(element)) : -1;
  if (index < 0) return null;
  const part = parts[index];
  const at = Number(element.dataset.at);
  return { part: index, word: part.wordAt[at], at: exact ? borderAt(part, element, at, x) : at };
}

/** The word above (step -1) or below (1), nearest to where a word stands; the same one where there is none. */
export function wordOnNextLine(parts, place, step) {
  const here = elementsOf(parts[place.part])[place.word]?.getBoundingClientRect();
  if (!here) return place;
  const middle = here.left + here.width / 2;
  let best = null;
  parts.forEach((one, part) => elementsOf(one).forEach((element, word) => {
    const box = element.getBoundingClientRect();
    const gap = step > 0 ? box.top - here.bottom : here.top - box.bottom;
    if (gap < -here.height / 3) return;
    const line = Math.round(gap / here.height);
    const aside = Math.abs(box.left + box.width / 2 - middle);
    if (!best || line < best.line || (line === best.line && aside < best.aside)) best = { part, word, line, aside };
  }));
  return best ?? place;
}

/** The first element of each word of a part. */
function elementsOf(part) {
  const found = [];
  for (const element of part.element.querySelectorAll(".w")) found[part.wordAt[Number(element.dataset.at)]] ??= element;
  return found;
}

function nearest(text, x, y) {
  const bounds = text.getBoundingClientRect();
  if (y < bounds.top || y > bounds.bottom || x < bounds.left - 40 || x > bounds.right + 40) return null;
  let best = null;
  for (const element of text.querySelectorAll(".w")) {
    for (const box of element.getClientRects()) {
      if (y < box.top - 2 || y > box.bottom + 2) continue;
      const distance = x < box.left ? box.left - x : x > box.right ? x - box.right : 0;
      if (!best || distance < best.distance) best = { element, distance };
    }
  }
  return best?.element ?? null;
}

function borderAt(part, element, from, x) {
  const range = document.createRange();
  const node = element.firstChild;
  const chars = Array.from(node.data);
  let units = 0;
  let best = { at: from, distance: Infinity };
  for (let index = 0; index <= chars.length; index += 1) {
    if (part.borders.has(from + index)) {
      range.setStart(node, units);
      range.collapse(true);
      const distance = Math.abs(range.getBoundingClientRect().left - x);
      if (distance < best.distance) best = { at: from + index, distance };
    }
    units += chars[index]?.length ?? 0;
  }
  return best.at;
}
