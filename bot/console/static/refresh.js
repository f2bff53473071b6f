// While something is being made: the marked part of the page anew every few seconds, without moving the focus.
import { announce } from "./page.js";

const part = document.querySelector("[data-refresh]");
const EVERY_MS = 2000;

async function look() {
  if (document.hidden || part.contains(document.activeElement)) return;
  const answer = await fetch(part.dataset.refresh, { credentials: "same-origin", headers: { "X-Unattended": "1" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh) return;
  part.replaceChildren(...fresh.childNodes);
  if (!fresh.dataset.refresh) {
    clearInterval(timer);
    if ("reload" in part.dataset) location.reload(); // what stands outside of it changes too
    announce(fresh.dataset.done || "Done.");
  }
}

const timer = setInterval(look, EVERY_MS);
