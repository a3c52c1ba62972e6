import { run } from "../project.js";
import { findPrograms } from "./machine.js";
import type { Place, Way } from "./server.js";

/** A server from a container's image. */
export interface Image {
  readonly name: string;
  /** The port on which it listens inside. */
  readonly port: number;
  readonly env: (place: Place) => Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const engines = ["docker", "podman"];

/** The way by a container, where an engine runs. */
export function container(image: Image): Way {
  return {
    name: "a container",
    open: async (note) => {
      const engine = await findEngine();
      if ((await run(engine, ["image", "inspect", image.name])).code !== 0) {
        note(`pulling the image ${image.name}`);
        const { code, output } = await run(engine, ["pull", image.name]);
        if (code !== 0) throw new Error(`"${engine} pull ${image.name}" exited with ${code}: ${output.trim()}`);
      }
      return (place) => {
        const name = `databases-test-${place.port}`;
        const env = image.env(place);
        // Only the names of variables are arguments: every user of the machine can read those.
        const named = Object.keys(env).flatMap((variable) => ["--env", variable]);
        const published = `127.0.0.1:${place.port}:${image.port}`;
        return {
          prepare: [],
          serve: {
            file: engine,
            args: ["run", "--rm", "--name", name, "--publish", published, ...named, image.name, ...image.args],
            env,
          },
          signal: "SIGKILL",
          cleanUp: { file: engine, args: ["rm", "--force", "--volumes", name] },
        };
      };
    },
  };
}

async function findEngine(): Promise<string> {
  for (const engine of engines) {
    if (findPrograms([engine]).length > 0 && (await run(engine, ["info"])).code === 0) return engine;
  }
  throw new Error(`no engine answers (${engines.join(", ")})`);
}
