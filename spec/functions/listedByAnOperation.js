// A code that no operation lists would be a name for something that nobody is told of.
export default function listedByAnOperation(code, _options, context) {
  const operations = Object.values(context.document.data.paths ?? {}).flatMap((item) => Object.values(item));
  if (!operations.some((operation) => operation?.["x-ontap-error-codes"]?.some?.((listed) => String(listed) === code))) {
    return [{ message: `no operation lists the error code ${code}` }];
  }
}
