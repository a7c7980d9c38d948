// An error code that is not in the catalogue has neither name nor meaning.
export default function inCatalogue(code, _options, context) {
  const catalogue = context.document.data.components?.["x-ontap-error-codes"] ?? {};
  if (!Object.hasOwn(catalogue, String(code))) {
    return [{ message: `error code ${code} is not in the catalogue, components.x-ontap-error-codes` }];
  }
}
