import { resolve } from "node:path";
import { inspect } from "node:util";
import type { TestEvent } from "node:test/reporters";

/** What the reporter says, a JSON text a line: one result of a test, or what a test printed. */
export type Report =
  | {
      readonly kind: "passed" | "skipped" | "failed";
      readonly test: string;
      readonly file: string;
      readonly detail: string;
    }
  | { readonly kind: "printed"; readonly text: string };

/**
 * A reporter of node:test for the program that counts. A suite is no test: it is reported only when a hook of its own
 * fails. A file in which no test ran is a failure, though node:test itself lets it pass.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = [];
  for await (const event of source) {
    if (event.type === "test:start") names.splice(event.data.nesting, Infinity, event.data.name);
    const line = toReport(event, names);
    if (line) yield `${JSON.stringify(line)}\n`;
  }
}

function toReport(event: TestEvent, names: readonly string[]): Report | undefined {
  switch (event.type) {
    case "test:pass":
      return passed(event.data, names);
    case "test:fail":
      return failed(event.data, names);
    case "test:stdout":
    case "test:stderr":
      return { kind: "printed", text: event.data.message };
    default:
      return undefined;
  }
}

type Passed = Extract<TestEvent, { type: "test:pass" }>["data"];
type Failed = Extract<TestEvent, { type: "test:fail" }>["data"];

function passed(data: Passed, names: readonly string[]): Report | undefined {
  const result = { test: fullName(data, names), file: data.file ?? "" };
  if (isWholeFile(data)) return { ...result, kind: "failed", detail: "The file ran no test." };
  if (data.details.type === "suite") return undefined;
  const reason = data.skip ?? data.todo;
  if (reason === undefined || reason === false) return { ...result, kind: "passed", detail: "" };
  return { ...result, kind: "skipped", detail: reason === true ? "no reason given" : reason };
}

function failed(data: Failed, names: readonly string[]): Report | undefined {
  const error = data.details.error as NodeTestError;
  if (error.failureType === "subtestsFailed") return undefined;
  const ended = error.signal ?? error.exitCode;
  const detail =
    isWholeFile(data) && ended !== undefined
      ? `The file's process ended outside its tests (${ended}).`
      : inspect(error.cause ?? error);
  return { kind: "failed", test: fullName(data, names), file: data.file ?? "", detail };
}

/** What node:test adds to the error of a failed test; the last two only to that of a whole file. */
interface NodeTestError extends Error {
  readonly failureType?: string;
  readonly exitCode?: number;
  readonly signal?: string | null;
}

/** node:test reports a file itself when no test in it did, or when it broke outside its tests. */
function isWholeFile(data: Passed | Failed): boolean {
  return data.nesting === 0 && data.file !== undefined && resolve(data.name) === data.file;
}

function fullName(data: Passed | Failed, names: readonly string[]): string {
  return isWholeFile(data) ? "(the file)" : [...names.slice(0, data.nesting), data.name].join(" > ");
}
