export { createClient, createConfig, type Client } from "./generated/client/index.js";
export * from "./generated/sdk.gen.js";
export type * from "./generated/types.gen.js";
export { live, type LiveOptions } from "./live.js";
export { pages } from "./pages.js";
export { isProblem, ProblemError } from "./problem.js";
export { connect, type ConnectOptions, type Session } from "./session.js";
export { memoryStore, webStore, type StoredTokens, type TokenStore } from "./store.js";
