// The policy form: what a change would have done in the last days, while it is being made.
import { ask } from "./page.js";

const form = document.querySelector("form[data-live-check]");
const outcome = document.getElementById("outcome");
const WAIT_MS = 500;
let timer = 0;
let asked = null;
let isChanged = false;

async function look() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await ask(form.action, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (answer.ok) outcome.innerHTML = await answer.text(); // our own template, everything in it escaped
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

form.addEventListener("input", () => {
  isChanged = true;
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
});
form.addEventListener("submit", () => { isChanged = false; });
addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
