import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';

const text = readFileSync(path.join(projectRoot, 'docs/operating.md'), 'utf8');
const section = /^## What can fail\n([^]*?)^## /m.exec(text)?.[1] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

describe('the table of what can fail', () => {
  it('has a row for each', () => expect(rows.length).toBeGreaterThan(20));

  it.each(rows)('%s: is told, mends itself or is mended, and is held by tests that there are', (...row) => {
    expect(row).toHaveLength(5);
    expect(row.every((cell) => cell !== '')).toBe(true);
    const tests = [...row[4]!.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => `${file}.test.ts`);
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !existsSync(path.join(projectRoot, file)))).toEqual([]);
  });
});
