import { inspect } from "node:util";

/**
 * Says how Node.js prints the instances of a class: as `render` does, whatever is hidden in them.
 *
 * It is called in a static block, because under `isolatedDeclarations` a class cannot declare `[inspect.custom]`.
 */
export function printAs<Instance extends object>(
  of: { readonly prototype: Instance },
  render: (instance: Instance) => string,
): void {
  function print(this: Instance): string {
    return render(this);
  }
  Object.defineProperty(of.prototype, inspect.custom, { value: print, writable: true, configurable: true });
}
