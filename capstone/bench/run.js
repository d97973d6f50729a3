// What `npm run bench` starts. Plain JavaScript: it has to say what is missing where nothing is installed yet.
import { existsSync } from "node:fs";

const HERE = new URL("./", import.meta.url);

const NEEDED = [
  { file: "../../node_modules/tsx", folder: "the root of the repository" },
  { file: "node_modules/socket.io", folder: "capstone/bench" },
];

for (const { file, folder } of NEEDED) {
  if (existsSync(new URL(file, HERE))) continue;
  console.error(`Some packages are not installed: run npm install in ${folder}.`);
  process.exit(1);
}

const { register } = await import("tsx/esm/api");
register();
const { main } = await import("./bench.ts");
await main(process.argv.slice(2));
