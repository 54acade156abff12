export { createClient, createConfig } from "./generated/client/index.js";
export * from "./generated/sdk.gen.js";
export { live } from "./live.js";
export { pages } from "./pages.js";
export { isProblem, ProblemError } from "./problem.js";
export { connect } from "./session.js";
export { memoryStore, webStore } from "./store.js";
