// Of @hey-api/openapi-ts.
export default {
  // Node.js finds files by their whole names.
  output: { path: "source/client", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
