/** Keeps the log from repeating itself. */

/** Milliseconds in which the same line is logged once. */
const toldOnceIn = 60_000;

/** Logs the same line at most once a minute: while the database is away, every attempt fails alike. */
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
