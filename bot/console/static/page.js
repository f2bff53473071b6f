// What page scripts share: the CSRF token, the live region, and asking the server for a part of a page.

/** Say something to screen readers, and to nobody else. */
export function announce(text) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  // a change is only read when it is one
  setTimeout(() => { live.textContent = text; }, 30);
}

/** The token that each form and each POST carries. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** True when keys belong to what has the focus: a field, or a menu. */
export function isTyping(target) {
  return target instanceof Element
    && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
}

/** Ask for a part of a page. A POST carries the token. Who is signed out goes to the sign-in page. */
export async function ask(url, { method = "GET", body = null, signal = undefined, unattended = false } = {}) {
  const headers = { "X-Fragment": "1" };
  // asked by the page itself: that keeps no session alive
  if (unattended) headers["X-Unattended"] = "1";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  const answer = await fetch(url, { method, body, headers, signal, credentials: "same-origin" });
  if (answer.status === 401) {
    location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  }
  return answer;
}
