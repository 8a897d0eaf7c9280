import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { makeFolder, unwritableFile } from '../../worker/files/make-folder';

const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-folders-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'file');
writeFileSync(file, 'x');
const papers = { sv: 'en mapp för papperen', en: 'a folder for the papers' };

function refused(place: string): [sv: string, en: string] {
  try {
    makeFolder(place, papers);
  } catch (error) {
    return [(error as BilingualError).messageSv, (error as Error).message];
  }
  throw new Error(`${place} was made`);
}

it('makes a folder with those it stands in, and leaves one that is there', () => {
  const place = path.join(folder, 'a', 'b');
  makeFolder(place, papers);
  makeFolder(place, papers);
  expect(statSync(place).isDirectory()).toBe(true);
});

it('says in words of one language why there can be none', () => {
  expect(refused(file)).toEqual([
    `förväntade en mapp för papperen som går att skapa, ${file}, hittade en fil med det namnet`,
    `expected a folder for the papers that can be made, ${file}, found a file of that name`,
  ]);
  const below = path.join(file, 'x');
  expect(refused(below)).toEqual([
    `förväntade en mapp för papperen som går att skapa, ${below}, hittade en fil där en mapp skulle vara`,
    `expected a folder for the papers that can be made, ${below}, found a file where a folder should be`,
  ]);
});

it('never ends in a loop: below /proc there is none', () => {
  const child = path.join(__dirname, '../../worker/files/make-folder.ts');
  const script = `try { require(${JSON.stringify(child)}).makeFolder('/proc/nix/x', { sv: 'x', en: 'a folder' }) } catch (e) { console.log(e.message) }`;
  const { stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
    ...{ encoding: 'utf8', timeout: 20_000, cwd: path.join(__dirname, '../..') },
  });
  expect(stdout).toMatch(/^expected a folder that can be made, \/proc\/nix\/x, found /);
});

it('says why a file cannot be written', () => {
  const { messageSv, message } = unwritableFile('x.pdf', { code: 'ENOSPC' });
  expect(messageSv).toBe('förväntade att skriva en ny fil x.pdf, hittade en full disk');
  expect(message).toBe('expected to write a new file x.pdf, found a full disk');
});
