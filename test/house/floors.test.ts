/** The floors and rooms of `.dependency-cruiser.cjs`, tried on small trees that keep to them or not. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-floors-'));
  writeFileSync(path.join(tree, 'tsconfig.json'), '{}');
});
afterEach(() => rmSync(tree, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(tree, file), text);
}

/** Names of the rules that files of the tree break. */
function broken(...folders: string[]): Promise<string[]> {
  const config = ['--config', path.join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cruiser, ...config, ...folders], { cwd: tree }, (error, out) => {
      if (!out) return reject(error ?? new Error('expected a report, found nothing'));
      const { summary } = JSON.parse(out) as { summary: { violations: { rule: { name: string } }[] } };
      resolve(summary.violations.map(({ rule }) => rule.name));
    });
  });
}

it('a room may import from the floors below', async () => {
  put('rules/engine/plan/plan.ts', "import type { Text } from '../basics/text';\nexport type Plan = Text;\n");
  put('rules/engine/basics/text.ts', 'export type Text = string;\n');
  expect(await broken('rules')).toEqual([]);
});

it('a room may not import from a floor above, not even a type', async () => {
  put('rules/engine/basics/text.ts', "import type { Plan } from '../plan/plan';\nexport type Text = Plan;\n");
  put('rules/engine/plan/plan.ts', 'export type Plan = string;\n');
  put(
    'activities/agreements/agreements.ts',
    "import { send } from '../mail/mail';\nexport const sign = send;\n",
  );
  put('activities/mail/mail.ts', 'export const send = 1;\n');
  put(
    'activities/monitors/checks/tcp.ts',
    "import { watch } from '../watch';\nexport const check = watch;\n",
  );
  put('activities/monitors/watch.ts', 'export const watch = 1;\n');
  expect((await broken('rules', 'activities')).sort()).toEqual([
    'activities/agreements/-imports-downwards',
    'activities/monitors/checks/-imports-downwards',
    'rules/engine/basics/-imports-downwards',
  ]);
});

it('a new room is given its floor', async () => {
  put(
    'worker/attic/old.ts',
    "import { settings } from '../settings/settings';\nexport const old = settings;\n",
  );
  put('worker/settings/settings.ts', 'export const settings = 1;\n');
  expect(await broken('worker')).toEqual(['worker-every-room-has-a-floor']);
});

it('code of the rules lies in the engine, whether it imports or is imported', async () => {
  put(
    'rules/levels/guld.ts',
    "import type { Text } from '../engine/basics/text';\nexport type Guld = Text;\n",
  );
  put('rules/prices.ts', 'export const price = 1;\n');
  put('rules/engine/basics/text.ts', 'export type Text = string;\n');
  put(
    'rules/engine/hours/price.ts',
    "import { price } from '../../prices';\nexport const twice = 2 * price;\n",
  );
  expect(await broken('rules')).toEqual(['rules-code-lies-in-the-engine', 'rules-code-lies-in-the-engine']);
});

it('a strand imports no other strand', async () => {
  put('workflows/strands/start.ts', "import { meet } from './meetings';\nexport const start = meet;\n");
  put('workflows/strands/meetings.ts', "import { year } from '../year/year';\nexport const meet = year;\n");
  put('workflows/year/year.ts', 'export const year = 1;\n');
  expect(await broken('workflows')).toEqual(['no-strand-imports-a-strand']);
});

it('the auditor shares no code with what it judges', async () => {
  put(
    'test/auditor/hours.ts',
    "import { burn } from '../../rules/engine/hours/burn';\nimport { random } from '../helpers/random';\nexport const all = [burn, random];\n",
  );
  put('rules/engine/hours/burn.ts', 'export const burn = 1;\n');
  put('test/helpers/random.ts', 'export const random = 1;\n');
  expect(await broken('test', 'rules')).toEqual(['auditor-is-independent', 'auditor-is-independent']);
});
