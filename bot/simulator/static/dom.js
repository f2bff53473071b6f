// Building the page. Text becomes text nodes only: nothing in these files sets innerHTML.

/** An element: h("button.icon", {onclick, title}, "text", node, [more]). */
export function h(tag, attrs = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attrs)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key in node && key !== "list" && typeof value !== "object") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Only addresses that cannot run anything. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:)/i.test(String(url)) ? String(url) : null;
}

export function link(url, ...children) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, ...children);
  const here = safe.startsWith(location.origin + "/archives/");
  return h("a", { href: safe, target: here ? null : "_blank", rel: "noopener noreferrer" }, ...children);
}

const COLOURS = 12;
export function avatar(person, size = "") {
  const label = person?.is_bot ? icon("shield") : initials(person?.real_name || "?");
  const colour = person?.is_bot ? "bot" : `a${hash(person?.real_name || "?") % COLOURS}`;
  return h(`span.avatar.${colour}${size && "." + size}`, { "aria-hidden": "true" }, label);
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return Array.from(words[0] || "?")[0].toUpperCase() + (words[1] ? Array.from(words[1])[0].toUpperCase() : "");
}

function hash(text) {
  let sum = 7;
  for (const char of text) sum = (sum * 31 + char.codePointAt(0)) % 9973;
  return sum;
}

/** Children by key: a node whose signature did not change stays, so focus and scroll stay too. */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const { key, sign, make } of items) {
    let node = old.get(key);
    old.delete(key);
    if (!node || node.dataset.sign !== sign) {
      const fresh = make();
      fresh.dataset.key = key;
      fresh.dataset.sign = sign;
      if (node) {
        if (node === at) at = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

/** A menu below a button: arrows move, Escape closes, focus returns. */
export function openMenu(button, items, { label = "", className = "" } = {}) {
  document.querySelector(".menu")?.remove();
  const menu = h(`div.menu${className && "." + className}`, { role: "menu", "aria-label": label });
  const close = (refocus) => {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) button.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) close(false);
  };
  for (const item of items) {
    if (item.heading) menu.append(h("p.menu-heading", {}, item.heading));
    else {
      const pick = () => { close(true); item.pick(); };
      menu.append(h(`button.menu-item${item.danger ? ".danger" : ""}`, { type: "button", role: "menuitem", onclick: pick, "aria-current": item.current ? "true" : null }, ...item.content));
    }
  }
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll(".menu-item")];
    const index = all.indexOf(document.activeElement);
    const moves = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      all[(moves[event.key] + all.length) % all.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    }
  });
  const home = button.closest("dialog") || document.body;
  home.append(menu);
  const box = button.getBoundingClientRect();
  const width = menu.offsetWidth, height = menu.offsetHeight;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  menu.style.top = `${box.bottom + height + 8 < innerHeight ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  menu.querySelector(".menu-item")?.focus();
}

/** Sizes a text box to what is in it. */
export function grow(box, most = 220) {
  const fit = () => {
    box.style.height = "auto";
    const edge = box.offsetHeight - box.clientHeight;
    box.style.height = `${Math.min(box.scrollHeight + edge, most)}px`;
  };
  box.addEventListener("input", fit);
  requestAnimationFrame(fit);
  return fit;
}
