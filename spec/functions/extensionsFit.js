// Holds the document against the JSON Schema of its extensions, which stands beside the ruleset.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { schema } from "@stoplight/spectral-functions";

const contracts = new Map();

function contract(ruleset) {
  const path = join(dirname(ruleset), "extensions.schema.json");
  if (!contracts.has(path)) contracts.set(path, JSON.parse(readFileSync(path, "utf8")));
  return contracts.get(path);
}

export default function extensionsFit(document, _options, context) {
  const ruleset = context.rule.owner.source;
  return schema(document, { schema: contract(ruleset), dialect: "draft2020-12", allErrors: true }, context);
}
