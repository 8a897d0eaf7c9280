import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { systemReason } from '../../worker/basics/system-reason';
import { readText } from '../../worker/files/read-contract-file';

const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-reasons-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
writeFileSync(at('file'), 'x');
symlinkSync(at('loop'), at('loop'));

function refused(file: string): BilingualError {
  try {
    readText(file);
  } catch (error) {
    return error as BilingualError;
  }
  throw new Error(`${file} was read`);
}

describe('a file that cannot be read', () => {
  it.each([
    ['that is not there', 'none.json', 'ingen', 'none'],
    ['that is a folder', '', 'en mapp', 'a folder'],
    ['below a file', 'file/x.json', 'en fil där en mapp skulle vara', 'a file where a folder should be'],
    ['behind a link to itself', 'loop', 'en länk som leder till sig själv', 'a link that leads to itself'],
    ['with a name that is too long', 'x'.repeat(400), 'ett namn som är för långt', 'a name that is too long'],
  ])('is told in words of one language: %s', (_what, name, sv, en) => {
    const error = refused(at(name));
    expect(error.messageSv).toBe(`förväntade en läsbar fil på ${at(name)}, hittade ${sv}`);
    expect(error.message).toBe(`expected a readable file at ${at(name)}, found ${en}`);
  });
});

describe('what the system says', () => {
  it.each([
    ['EACCES', 'read', 'one that may not be read (permissions)'],
    ['EACCES', 'write', 'a folder that may not be changed (permissions)'],
    ['EEXIST', 'write', 'one that is there already'],
    ['ENOSPC', 'write', 'a full disk'],
    ['EISDIR', 'write', 'a folder'],
    ['EUNKNOWN', 'read', 'the error EUNKNOWN'],
  ] as const)('is in words: %s, where it is to %s', (code, to, en) => {
    expect(systemReason({ code }, to).en).toBe(en);
  });
});
