/** A test command that never ends: it starts the servers that its arguments name and prints how tests find them. */
import { startServers } from "../../scripts/servers/running.js";
import type { ServerName } from "../../scripts/servers/server.js";

const names = process.argv.slice(2) as ServerName[];
const servers = await startServers(names);
console.log(JSON.stringify(Object.assign({}, ...names.map(servers.environmentFor))));
setInterval(() => {}, 60_000);
