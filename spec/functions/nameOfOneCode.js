// Client libraries make identifiers of the names.
export default function nameOfOneCode(name, _options, context) {
  const catalogue = context.document.data.components["x-ontap-error-codes"];
  const codes = Object.keys(catalogue).filter((code) => catalogue[code]?.name === name);
  if (codes.length > 1) {
    return [{ message: `${name} is the name of ${codes.join(" and ")}` }];
  }
}
