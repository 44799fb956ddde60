/** The name that somebody meant who wrote another one: at most a third of it differs. */
export function closest(given: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: distance(given, name) }))
    .filter((one) => one.distance <= Math.max(given.length, one.name.length) / 3)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

/** How many characters have to be inserted, removed or replaced (Levenshtein). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, against] of [...other].entries()) {
      const replaced = (above[column] as number) + (letter === against ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] as number) + 1, (line[column] as number) + 1));
    }
    above = line;
  }
  return above.at(-1) as number;
}
