import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { checks, sinceItPassed } from '../checks';
import { unitTests } from '../unit-tests';

const found = unitTests().map((file) => path.relative(path.join(projectRoot, 'test'), file));

describe('the unit tests', () => {
  it('are those whose imports reach no stack, in whatever folder they lie', () => {
    expect(found).toEqual(
      expect.arrayContaining([
        'rules/plan-year.test.ts',
        'templates/agenda.test.ts',
        'worker/secret.test.ts',
      ]),
    );
  });

  it.each([
    ['one that asks for a database', 'activities/hours.test.ts'],
    ['one that asks for the stack through a helper', 'e2e/silent-year.test.ts'],
    ['one that starts a stack of its own', 'e2e/parts-killed.test.ts'],
    ['one that starts a server of its own', 'worker/access-control.test.ts'],
    ['one that starts a process which starts a stack', 'worker/local/local-stack.test.ts'],
    ['one that needs a browser', 'browser/consultant.test.ts'],
  ])('are without %s', (_what, file) => {
    expect(found).not.toContain(file);
  });
});

it('has a script for everything that a person expects to start', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'test', 'test:unit', 'lint', 'types', 'format', 'bench', 'soak'])
    expect(scripts[name]).toBe(`node bin/bootstrap.cjs ${name}`);
});

it('checks the format, the lint, the types and the rooms', () => {
  expect([...checks].sort()).toEqual(['format', 'lint', 'rooms', 'types']);
});

it.each(['lint', 'rooms'] as const)('%s is not checked again until a source has changed', (check) => {
  const root = mkdtempSync(path.join(tmpdir(), 'checks-'));
  try {
    const nothingChanged = (): boolean => sinceItPassed(check, root).nothingChanged;
    writeFileSync(path.join(root, 'a.ts'), 'one');
    expect(nothingChanged()).toBe(false);
    sinceItPassed(check, root).note();
    writeFileSync(path.join(root, 'a.md'), 'not looked at');
    expect(nothingChanged()).toBe(true);
    writeFileSync(path.join(root, 'a.ts'), 'two');
    expect(nothingChanged()).toBe(false);
    writeFileSync(path.join(root, 'a.ts'), 'one');
    writeFileSync(path.join(root, 'b.cjs'), '');
    expect(nothingChanged()).toBe(false);
  } finally {
    rmSync(root, { recursive: true });
  }
});
