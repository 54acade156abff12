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

for (const entity of document.querySelectorAll("[data-entity]")) {
  for (const begun of ["pointerenter", "focusin"]) {
    entity.addEventListener(begun, () => show(entity.dataset.entity));
  }
  for (const ended of ["pointerleave", "focusout"]) {
    entity.addEventListener(ended, () => show(undefined));
  }
}
