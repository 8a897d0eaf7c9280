/** Every room has a README that says what it is for, and what it names exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const rooms = ['rules', 'workflows', 'activities', 'templates', 'worker', 'test', 'bin'];

/** Folders whose README is that of the folder they stand in: a command's helpers, and tests of inner rooms. */
const toldAbove = /^(worker\/commands\/.+|test\/(rules|workflows|activities|worker)\/.+)$/;

/** Folders with code in them, or with folders of code. */
function foldersOf(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const inner = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => foldersOf(`${folder}/${name}`));
  const hasCode = inner.length > 0 || entries.some(({ name }) => /\.(ts|cjs|sql)$/.test(name));
  return hasCode ? [folder, ...inner] : inner;
}

const folders = rooms.flatMap(foldersOf).filter((folder) => !toldAbove.test(folder));

/** What a text names: links, and in backticks whatever looks like a file or a folder. */
function namesIn(text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
  const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name = '']) => name);
  const paths = quoted.filter(
    (name) => /^[\w.-]+(\/[\w.-]+)*\/?$/.test(name) && /\/|\.(ts|cjs|sql|json|md|hbs)$/.test(name),
  );
  return [...links, ...paths];
}

test('the folders are found', () => {
  expect(folders.length).toBeGreaterThan(50);
  expect(folders).toContain('rules/engine/plan');
});

test.each(folders)('%s has a README of ten to twenty lines, and all it names exists', (folder) => {
  const file = path.join(root, folder, 'README.md');
  expect(existsSync(file)).toBe(true);
  const text = readFileSync(file, 'utf8');
  const lines = text.trimEnd().split('\n').length;
  expect(lines).toBeGreaterThanOrEqual(10);
  expect(lines).toBeLessThanOrEqual(20);
  expect(namesIn(text).filter((name) => !existsSync(path.join(root, folder, name)))).toEqual([]);
});

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

/** Files that a document has its reader make. */
const toBeMade = /^rules\/(customers|tests)\/testbolaget/;

test.each(documents)('what %s names of the rooms exists', (document) => {
  const text = readFileSync(path.join(root, document), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) =>
    path.join(path.dirname(document), link),
  );
  const paths = namesIn(text).filter((name) => rooms.includes(name.split('/')[0] ?? ''));
  const absent = [...links, ...paths].filter(
    (name) =>
      !toBeMade.test(name) && !['', '.test.ts'].some((end) => existsSync(path.join(root, name + end))),
  );
  expect(absent).toEqual([]);
});
