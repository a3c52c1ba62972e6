export { isEmbedded } from "./components.js";
export { DatabaseURL } from "./database-url.js";

export type { UrlHost } from "./components.js";
export type { DatabaseURLChanges } from "./replace.js";
