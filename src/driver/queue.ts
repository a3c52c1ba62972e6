/** A first-in, first-out queue in which every operation, removal from the middle too, takes constant time. */
export class Queue<Value> {
  #first: QueueEntry<Value> | null = null;
  #last: QueueEntry<Value> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Value | null {
    return this.#first === null ? null : this.#first.value;
  }

  /** Appends a value; the entry is what {@link remove} takes. */
  push(value: Value): QueueEntry<Value> {
    const entry = new QueueEntry(value);
    entry.previous = this.#last;
    if (this.#last === null) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#size += 1;
    return entry;
  }

  /** Removes an entry of this queue; once. */
  remove(entry: QueueEntry<Value>): void {
    if (entry.previous === null) this.#first = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === null) this.#last = entry.previous;
    else entry.next.previous = entry.previous;
    this.#size -= 1;
  }
}

export class QueueEntry<Value> {
  readonly value: Value;
  previous: QueueEntry<Value> | null = null;
  next: QueueEntry<Value> | null = null;

  constructor(value: Value) {
    this.value = value;
  }
}
