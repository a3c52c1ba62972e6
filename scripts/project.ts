import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json: compiled scripts lie in build/scripts, two folders below it. */
export const projectRoot: string = fileURLToPath(new URL("../../", import.meta.url));

/** How a finished program ended: `code` is null when a signal ended it, `timedOut` says that we did. */
export interface Outcome {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Gets each piece of standard output as it comes. */
  readonly onStdout?: (text: string) => void;
}

/** Runs a program without standard input to its end and gives what it printed on both streams. Rejects only when it cannot be started. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    if (options.onStdout) child.stdout.on("data", options.onStdout);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, timedOut: child.killed, output }));
  });
}
