// Starts Swagger UI with the document that the page names, in light or dark as the system is.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const show = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", show);
show();

// A link within a button cannot be reached by all; the button opens the same. And there is only this server.
const simpler = () => ({ wrapComponents: { DeepLink: () => (props) => props.text, ServersContainer: () => () => null } });

// What Swagger UI shows without a name gets one, and what scrolls can be reached by keyboard.
const complete = () => {
  for (const button of document.querySelectorAll(".copy-to-clipboard button")) button.ariaLabel = "Copy";
  for (const button of document.querySelectorAll(".close-modal")) button.ariaLabel = "Close";
  for (const button of document.querySelectorAll(".modal-btn[aria-label]")) button.removeAttribute("aria-label");
  for (const body of document.querySelectorAll(".body-param__text")) body.ariaLabel = "Request body";
  for (const row of document.querySelectorAll("tr[data-param-name]")) {
    for (const field of row.querySelectorAll("select, textarea, input")) field.ariaLabel ??= row.dataset.paramName;
  }
  for (const code of document.querySelectorAll("pre.microlight")) code.tabIndex = 0;
};
new MutationObserver(complete).observe(document.querySelector("#swagger-ui"), { childList: true, subtree: true });

SwaggerUIBundle({
  url: document.currentScript.dataset.url,
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  defaultModelsExpandDepth: 0, // the schemas are closed, because drawing all of them takes seconds
  plugins: [simpler],
  validatorUrl: null, // else it would send the document's URL to an external validator
});
