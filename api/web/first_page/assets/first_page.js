// Adds buttons that copy names and commands, and marks the lines of the entity that one points at.
"use strict";

const spoken = document.createElement("p");
spoken.className = "spoken";
spoken.setAttribute("role", "status");
document.querySelector("main").append(spoken);

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    spoken.textContent = "Copied.";
  } catch {
    button.textContent = "Not allowed";
    spoken.textContent = "The browser does not allow it.";
  }
  setTimeout(() => {
    button.textContent = "Copy";
    spoken.textContent = "";
  }, 2000);
}

for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${code.dataset.copy} ${code.textContent.split("\n")[0]}`);
  button.addEventListener("click", () => copy(button, code.textContent));
  const command = code.closest(".command");
  if (command) command.querySelector("h3").after(button);
  else code.parentElement.append(button);
}

function show(name) {
  for (const line of document.querySelectorAll(".line")) {
    line.classList.toggle("shown", name === line.dataset.from || name === line.dataset.to);
  }
  for (const card of document.querySelectorAll(".card")) {
    card.classList.toggle("shown", name === card.dataset.entity);
  }
}

function follow(elements, begun, ended) {
  for (const entity of elements) {
    entity.addEventListener(begun, () => show(entity.dataset.entity));
    entity.addEventListener(ended, () => show(undefined));
  }
}

follow(document.querySelectorAll("[data-entity]"), "pointerenter", "pointerleave");
// A card of the picture that listens to the focus could be focused itself, in some browsers.
follow(document.querySelectorAll("li[data-entity]"), "focusin", "focusout");
