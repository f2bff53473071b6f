// The slider of a scan: what would flip, while it moves. Without it the button asks for the page.
const form = document.querySelector("form[data-slider]");
const WAIT_MS = 150;
let timer = 0;

async function look() {
  const url = `${form.getAttribute("action")}?at=${form.at.value}`;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("flips");
  if (fresh) document.getElementById("flips").replaceChildren(...fresh.childNodes);
  history.replaceState(null, "", url);
}

form?.addEventListener("input", () => {
  document.getElementById("at-shown").textContent = `${Math.round(form.at.value * 100)} %`;
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
});
