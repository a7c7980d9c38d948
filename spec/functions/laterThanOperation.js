// A release on a parameter that came with its operation says nothing, and one that is earlier cannot be.
const MARK = "x-ntap-introduced";

const isLater = (release, than) => {
  const [a, b] = [release, than].map((text) => String(text).split(".").map(Number));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  }
  return false;
};

export default function laterThanOperation(operation, _options, context) {
  const since = operation[MARK];
  return (operation.parameters ?? []).flatMap((parameter, index) => {
    const release = parameter?.[MARK];
    if (release === undefined || since === undefined || isLater(release, since)) return [];
    const message = `${parameter.name} came with ${release}, which is not later than ${since}, the operation's release`;
    return [{ message, path: [...context.path, "parameters", index, MARK] }];
  });
}
