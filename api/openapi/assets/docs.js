// Starts Swagger UI with the document that the page names, in light or dark as the system is.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const show = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", show);
show();

// A link within a button cannot be reached by all; the button opens the same. And there is only this server.
const simpler = () => ({ wrapComponents: { DeepLink: () => (props) => props.text, ServersContainer: () => () => null } });

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
