/** Tells what is wrong in tables and files: a problem that many rows have is told once, with its rows. */
import type { Language } from '../../rules/engine/basics/text';
import { counted } from '../../rules/engine/basics/counted';

/** A problem as it is told. */
export interface ToldProblem {
  /** What stands before the line, such as the file. */
  file: string;
  line: number;
  /** What stands after the line: the column and the sentence. */
  text: string;
}

/** Most lines that are named of a problem. */
const mostLines = 10;

const rows = { sv: ['rad', 'rader'], en: ['row', 'rows'] } as const;

/**
 * Problems with the same text in the same file as one, in the order of their first lines.
 *
 * @example tellOnce([{ file: 'a.csv', line: 2, text: 'x' }, { file: 'a.csv', line: 4, text: 'x' }], 'en')
 *   // ['a.csv:2: x (2 rows: 2, 4)']
 */
export function tellOnce(problems: readonly ToldProblem[], language: Language): string[] {
  const lines = new Map<string, { first: ToldProblem; lines: number[] }>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.file, problem.text]);
    const known = lines.get(key);
    if (known) known.lines.push(problem.line);
    else lines.set(key, { first: problem, lines: [problem.line] });
  }
  return [...lines.values()].map(({ first: { file, line, text }, lines: all }) => {
    const shown = all.slice(0, mostLines).join(', ') + (all.length > mostLines ? ' …' : '');
    const others = all.length === 1 ? '' : ` (${counted(all.length, rows[language])}: ${shown})`;
    return `${file}:${line}${text}${others}`;
  });
}
