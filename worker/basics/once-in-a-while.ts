/** Lines of log that would repeat themselves. */

/** Milliseconds in which the same line is told once. */
const toldOnceIn = 60_000;

/** The same line is told once a minute: a database that is away fails whatever is tried. */
export function onceInAWhile(log: (line: string) => void): (line: string) => void {
  const told = new Map<string, number>();
  return (line) => {
    const at = Date.now();
    for (const [known, since] of told) if (at - since >= toldOnceIn) told.delete(known);
    if (told.has(line)) return;
    told.set(line, at);
    log(line);
  };
}
