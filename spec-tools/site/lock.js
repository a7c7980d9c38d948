// Writes package-lock.json: what npm makes of package.json, without what the package would bring along. The one file
// that the site takes of it is made for browsers, and has all in it; the rest is 300 packages and 250 megabytes.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

const FILE = "package-lock.json";
rmSync(FILE, { force: true });
execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], { stdio: "inherit" });
const lock = JSON.parse(readFileSync(FILE, "utf8"));
const own = Object.keys(lock.packages[""].dependencies).map((name) => `node_modules/${name}`);
lock.packages = Object.fromEntries(["", ...own].map((name) => {
  const { dependencies, peerDependencies, engines, ...entry } = lock.packages[name];
  // Of the package itself npm wants to know what it asks for; of the other ones, only what they are.
  return [name, name === "" ? { ...entry, dependencies } : entry];
}));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
