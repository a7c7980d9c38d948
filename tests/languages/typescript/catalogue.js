// Writes the catalogue x-ontap-error-codes of the spec as TypeScript: no generator knows the extension.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const [spec, module] = process.argv.slice(2);
const document = parse(readFileSync(spec, "utf8"));
const identifier = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const entries = Object.entries(document.components["x-ontap-error-codes"]).map(
  ([code, { name, summary }]) => `  /** ${summary} */\n  ${identifier(name)}: ${JSON.stringify(String(code))},\n`,
);
writeFileSync(module, `export const ErrorCode = {\n${entries.join("")}} as const;\n`);
