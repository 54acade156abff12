// Sends the form of a page to the API as JSON, with the token of the link, and shows what the API answers.
"use strict";

const form = document.querySelector("form");
const button = form.querySelector("button");
const inputs = [...form.querySelectorAll("[name]")];
const input = inputs[0];
const problem = document.getElementById("problem");
const done = document.getElementById("done");
const shown = document.getElementById("shown");
const isNew = document.getElementById("is_new");

const needsToken = "token" in form.dataset;
const token = () => new URLSearchParams(location.hash.slice(1)).get("token");

function tell(words, wrong = undefined) {
  problem.textContent = words;
  for (const one of inputs) one.setAttribute("aria-invalid", String(one === wrong));
  wrong?.focus();
}

function begin() {
  const isWhole = !needsToken || Boolean(token());
  form.hidden = false;
  done.textContent = "";
  button.disabled = !isWhole;
  tell(isWhole ? "" : "This link is incomplete. Open the link in the mail again.");
}

function post(path, body, access = undefined) {
  const headers = { "Content-Type": "application/json" };
  if (access) headers.Authorization = `Bearer ${access}`;
  const url = new URL(path, form.action);
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" });
}

// Accepts an invitation, with a new account or after a sign-in that ends at once.
async function join({ email, password }) {
  const first = isNew.checked
    ? await post("../../auth/register", { email, password, invitation: token() })
    : await post("../../auth/login", { email, password });
  if (!first.ok) return first;
  const { access_token: access } = await first.json();
  const answer = isNew.checked ? first : await post("", { token: token() }, access);
  await post("../../auth/logout", undefined, access);
  return answer;
}

async function send() {
  const body = Object.fromEntries(new FormData(form));
  if (needsToken && !isNew) body.token = token();
  const answer = isNew ? await join(body) : await post("", body);
  if (answer.ok) {
    form.reset();
    form.hidden = true;
    done.textContent = done.dataset.words;
    done.focus();
    return;
  }
  const said = await answer.json();
  const wrong = inputs.find((one) => (said.errors ?? []).some((error) => error.loc[1] === one.name));
  const errors = (said.errors ?? []).filter((error) => error.loc[1] === wrong?.name);
  tell(wrong ? errors.map((error) => error.msg).join(" ") : said.detail, wrong);
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

isNew?.addEventListener("change", () => {
  document.getElementById("password").autocomplete = isNew.checked ? "new-password" : "current-password";
});

shown?.addEventListener("change", () => {
  input.type = shown.checked ? "text" : "password";
});

window.addEventListener("hashchange", begin);
begin();
