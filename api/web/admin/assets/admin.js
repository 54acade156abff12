// The pages work without this. It tells the time zone, searches
// in pickers, asks before rows are deleted, and closes the menu on phones.
"use strict";

const base = document.currentScript.dataset.base;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = document.cookie.split("; ").includes(`admin_zone=${encodeURIComponent(zone)}`);
if (zone && !known) {
  document.cookie = `admin_zone=${encodeURIComponent(zone)}; path=${base || "/"}; max-age=31536000; samesite=strict`;
}

const menu = document.querySelector(".menu");
if (menu && matchMedia("(max-width: 48rem)").matches) menu.open = false;

for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}

for (const search of document.querySelectorAll("[data-picks]")) {
  const select = document.getElementById(search.dataset.picks);
  let asked = 0;
  search.hidden = false;
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  search.addEventListener("input", async () => {
    const number = ++asked;
    await new Promise((done) => setTimeout(done, 150));
    if (number !== asked) return;
    const answer = await fetch(`${search.dataset.from}?q=${encodeURIComponent(search.value)}`);
    if (number !== asked || !answer.ok || answer.redirected) return;
    const kept = [...select.options].filter((one) => one.selected || one.value === "");
    const found = (await answer.json()).filter(({ id }) => kept.every((one) => one.value !== id));
    select.replaceChildren(...kept, ...found.map(({ id, title }) => new Option(title, id)));
    if (!select.multiple && search.value && found.length) select.value = found[0].id;
  });
}
