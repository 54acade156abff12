// Starts ReDoc with the document that the page names, in colours with enough contrast.
"use strict";

const theme = {
  colors: { text: { secondary: "#4b5563" }, primary: { main: "#26489c" }, success: { main: "#1b6b2c" } },
  typography: { code: { color: "#a11714" } },
  schema: { requireLabelColor: "#b3261e", typeNameColor: "#4b5563", typeTitleColor: "#4b5563" },
};
// What scrolls must be reached by keyboard.
const reach = () => {
  for (const code of document.querySelectorAll("#redoc pre")) {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }
};
Redoc.init(document.currentScript.dataset.url, { theme }, document.querySelector("#redoc"), reach);
