"use strict";
// What may help at once, while somebody types; without this script the form is the same.
const box = document.querySelector("[data-suggest]");
const place = document.getElementById("perhaps");
let timer = 0;
let last = "";
async function suggest() {
  const text = box.value.trim().slice(0, 500);
  if (text.length < 8 || text === last) return;
  last = text;
  const answer = await fetch(box.dataset.suggest, { method: "POST", body: text });
  if (!answer.ok || text !== last) return;
  const list = place.querySelector("ul");
  list.replaceChildren();
  for (const one of await answer.json()) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = one.title;
    link.href = one.page;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    item.append(link);
    list.append(item);
  }
  place.hidden = list.children.length === 0;
}
if (box && place) {
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => suggest().catch(() => {}), 400);
  });
}
// What the form asks besides, by what was chosen; without this script it is asked when the form is sent.
let asked = 0;
async function follow(form, chosen) {
  const mine = ++asked;
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") said.append(name, value);
  const answer = await fetch(document.getElementById("own").dataset.fields, { method: "POST", body: said });
  if (!answer.ok || mine !== asked) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("own");
  if (!found) return;
  document.getElementById("own").replaceWith(found);
  found.querySelector(`[name="${CSS.escape(chosen)}"]`)?.focus();
}
document.getElementById("report")?.addEventListener("change", (event) => {
  if (event.target.tagName !== "SELECT" || !event.target.closest("#own")) return;
  follow(event.currentTarget, event.target.name).catch(() => {});
});
