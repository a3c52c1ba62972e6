import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Node's own way to a collector that was not asked for on the command line. */
export const collectGarbage: () => void = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();
