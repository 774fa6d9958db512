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
