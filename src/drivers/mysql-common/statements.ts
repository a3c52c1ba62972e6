import type { DriverStatement } from "../../driver/driver.js";
import { StatementCache } from "../../driver/statement-cache.js";
import { errnoOf } from "./facts.js";
import type { MysqlHandle } from "./handle.js";
import { Variants } from "./variants.js";

const KEPT_STATEMENTS = 256;
const REMEMBERED_TEXTS = 256;

/** The server's error for a statement that its prepared protocol does not take. */
const NOT_PREPARABLE = 1295;

/** The server's errors for a prepared statement that it has forgotten, or cannot prepare anew. */
const STALE: ReadonlySet<number | null> = new Set([1243, 1615]);

export function isNotPreparable(error: unknown): boolean {
  return errnoOf(error) === NOT_PREPARABLE;
}

export function isStale(error: unknown): boolean {
  return STALE.has(errnoOf(error));
}

/** The prepared statements of one connection: those whose text comes again are kept, a bounded number of them. */
export class Statements {
  readonly #handle: MysqlHandle;
  readonly #fixesTypes: boolean;
  readonly #kept = new StatementCache<Variants>(KEPT_STATEMENTS);
  /** What {@link #kept} holds. */
  readonly #all = new Set<Variants>();
  readonly #unpreparable = new Set<string>();

  constructor(handle: MysqlHandle) {
    this.#handle = handle;
    this.#fixesTypes = !/mariadb/i.test(handle.serverVersion);
  }

  /** Whether the server has refused to prepare the text. */
  isUnpreparable(sql: string): boolean {
    return this.#unpreparable.has(sql);
  }

  noteUnpreparable(sql: string): void {
    if (this.#unpreparable.size >= REMEMBERED_TEXTS) this.#unpreparable.clear();
    this.#unpreparable.add(sql);
  }

  /** Where a text is prepared; {@link release} it when all has been sent. */
  of({ sql, reusable }: DriverStatement): Variants {
    if (!reusable) return this.#variantsOf(sql);
    const found = this.#kept.get(sql);
    if (found !== null) return found;
    const variants = this.#variantsOf(sql);
    const evicted = this.#kept.add(sql, variants);
    this.#all.add(variants);
    if (evicted !== null) {
      this.#all.delete(evicted);
      evicted.close();
    }
    return variants;
  }

  /** Closes what is not kept. */
  release({ reusable }: DriverStatement, variants: Variants): void {
    if (!reusable) variants.close();
  }

  /** Has a text prepared anew when it comes again. */
  forget({ sql, reusable }: DriverStatement): void {
    if (reusable) this.#kept.get(sql)?.close();
  }

  /** Has all texts prepared anew when they come again. */
  forgetAll(): void {
    for (const variants of this.#all) variants.close();
  }

  #variantsOf(sql: string): Variants {
    return new Variants(() => this.#handle.prepare(sql), this.#fixesTypes);
  }
}
