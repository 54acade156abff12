// Sends the form of a page to the API as JSON, with the token of the link, and shows what the API answers.
"use strict";

const form = document.querySelector("form");
const button = form.querySelector("button");
const input = form.querySelector("[name]");
const problem = document.getElementById("problem");
const done = document.getElementById("done");
const shown = document.getElementById("shown");

const needsToken = "token" in form.dataset;
const token = () => new URLSearchParams(location.hash.slice(1)).get("token");

function tell(words, isOfInput = false) {
  problem.textContent = words;
  input?.setAttribute("aria-invalid", String(isOfInput));
}

function begin() {
  const isWhole = !needsToken || Boolean(token());
  form.hidden = false;
  done.textContent = "";
  button.disabled = !isWhole;
  tell(isWhole ? "" : "This link is incomplete. Open the link in the mail again.");
}

async function send() {
  const body = Object.fromEntries(new FormData(form));
  if (needsToken) body.token = token();
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  if (answer.ok) {
    form.reset();
    form.hidden = true;
    done.textContent = done.dataset.words;
    done.focus();
    return;
  }
  const said = await answer.json();
  const errors = (said.errors ?? []).filter((error) => error.loc[1] === input?.name);
  tell(errors.length > 0 ? errors.map((error) => error.msg).join(" ") : said.detail, errors.length > 0);
  if (errors.length > 0) input.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  tell("");
  button.disabled = true;
  try {
    await send();
  } catch {
    tell("The server cannot be reached. Try again in a moment.");
  }
  button.disabled = false;
});

shown?.addEventListener("change", () => {
  input.type = shown.checked ? "text" : "password";
});

window.addEventListener("hashchange", begin);
begin();
