// The line to the simulator: state in, actions out. The address of the page says who looks at what.

export const place = read();
let wanted = null;
let asking = false;
let onState = () => {};
let onTrouble = () => {};

function read() {
  const query = new URLSearchParams(location.search);
  return {
    as: query.get("as") || "", channel: query.get("c") || "", thread: query.get("t") || "",
    message: query.get("m") || "", home: query.get("home") === "1",
  };
}

/** Go somewhere: {as, channel, thread, message, home}; what is not named stays. */
export function go(change, { replace = false } = {}) {
  Object.assign(place, change);
  const query = new URLSearchParams();
  if (place.as) query.set("as", place.as);
  if (place.channel) query.set("c", place.channel);
  if (place.thread) query.set("t", place.thread);
  if (place.home) query.set("home", "1");
  history[replace ? "replaceState" : "pushState"](null, "", `/?${query}`);
  return refresh();
}

export function listen(stateHandler, troubleHandler) {
  onState = stateHandler;
  onTrouble = troubleHandler;
  window.addEventListener("popstate", () => { Object.assign(place, read()); refresh(); });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
  const events = new EventSource("/page/events");
  events.onmessage = () => refresh();
  events.onerror = () => onTrouble(true);
  events.onopen = () => onTrouble(false);
  refresh();
}

/** Ask for the state; many wishes at once are one request. */
export async function refresh() {
  if (asking) { wanted = true; return; }
  asking = true;
  try {
    do {
      wanted = false;
      const query = new URLSearchParams({ as: place.as, c: place.channel, t: place.thread });
      if (document.visibilityState === "visible" && !place.home) query.set("seen", "1");
      const answer = await fetch(`/page/state?${query}`);
      if (answer.ok) onState(await answer.json());
    } while (wanted);
    onTrouble(false);
  } catch {
    onTrouble(true);
  } finally {
    asking = false;
  }
}

/** Do something as the current person. Gives {ok, error}. */
export async function act(what) {
  try {
    const answer = await fetch("/page/act", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Simulator": "page" },
      body: JSON.stringify({ as: place.as, ...what }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "connection" };
  }
}
