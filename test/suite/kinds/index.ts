import type { Kind } from "./kind.js";
import { moments } from "./moments.js";
import { numbers } from "./numbers.js";
import { others } from "./others.js";
import { texts } from "./texts.js";

/** Every column type. */
export const kinds: readonly Kind[] = [...numbers, ...texts, ...moments, ...others];
