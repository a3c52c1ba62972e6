/** A promise, and the means to settle it from outside. */
export class Deferred<Value> {
  readonly promise: Promise<Value>;
  // Set by the promise's executor, which runs in the constructor.
  resolve!: (value: Value) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
