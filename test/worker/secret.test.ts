import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { openSecret, partsOf } from '../../worker/settings/secret';

let folder: string;
let file: string;
let now: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'secret-'));
  file = path.join(folder, 'keys');
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function inSwedish(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as BilingualError).messageSv;
  }
  throw new Error('expected an error, found none');
}

const open = (): (() => string | undefined) => openSecret('THE_KEYS', undefined, file);
/** Long enough for the file to be looked at again. */
const later = (): void => void (now += 1_001);
/** As editors and secret stores do: another file under the same name. */
function replace(text: string): void {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

describe('a secret that is a setting', () => {
  it('is what was set, or nothing', () => {
    expect(openSecret('THE_KEYS', 'a b', undefined)()).toBe('a b');
    expect(openSecret('THE_KEYS', undefined, undefined)()).toBeUndefined();
  });

  it('may not stand in a file as well', () => {
    fs.writeFileSync(file, 'a');
    expect(() => openSecret('THE_KEYS', 'a', file)).toThrow(
      'THE_KEYS: expected it, or the file in THE_KEYS_FILE, found both; unset one',
    );
  });
});

describe('a secret in a file', () => {
  it('is its text without white space around it', () => {
    fs.writeFileSync(file, '\n  a key \n');
    expect(open()()).toBe('a key');
  });

  it('has to be there at the beginning, to be read, to say something, and not to be too long', () => {
    expect(open).toThrow(`THE_KEYS_FILE: expected a readable file at ${file}, found none`);
    expect(inSwedish(open)).toBe(`THE_KEYS_FILE: förväntade en läsbar fil på ${file}, hittade ingen`);
    fs.mkdirSync(file);
    expect(open).toThrow(`THE_KEYS_FILE: expected a readable file at ${file}, found a folder`);
    fs.rmdirSync(file);
    fs.writeFileSync(file, ' \n');
    expect(open).toThrow('THE_KEYS_FILE: expected a secret of at most 65536 characters, found 0');
    fs.writeFileSync(file, 'x'.repeat(65_537));
    expect(open).toThrow('THE_KEYS_FILE: expected a secret of at most 65536 characters, found 65537');
    fs.writeFileSync(file, 'x'.repeat(65_536));
    expect(open()()).toHaveLength(65_536);
  });

  it('is read again once it was replaced, or written anew', () => {
    fs.writeFileSync(file, 'first');
    const secret = open();
    replace('second');
    expect(secret()).toBe('first');
    later();
    expect(secret()).toBe('second');
    fs.writeFileSync(file, 'the third');
    later();
    expect(secret()).toBe('the third');
  });

  it('is noticed when it was replaced by one of the same length and time', () => {
    fs.writeFileSync(file, 'first!');
    const { atime, mtime } = fs.statSync(file);
    const secret = open();
    // Both are there at the same time, so that the other cannot get the number of the first.
    fs.writeFileSync(`${file}.new`, 'second');
    fs.utimesSync(`${file}.new`, atime, mtime);
    fs.renameSync(`${file}.new`, file);
    later();
    expect(secret()).toBe('second');
  });

  it('holds as it was while it cannot be used: being written, gone, too long; and is taken up after', () => {
    fs.writeFileSync(file, 'good');
    const secret = open();
    const spoil: [string, () => void][] = [
      ['empty', () => fs.writeFileSync(file, '')],
      ['blank', () => replace('\n\n')],
      ['too long', () => replace('x'.repeat(65_537))],
      ['gone', () => fs.rmSync(file)],
      ['a folder', () => fs.mkdirSync(file)],
    ];
    for (const [how, act] of spoil) {
      act();
      later();
      expect([how, secret()]).toEqual([how, 'good']);
    }
    fs.rmdirSync(file);
    fs.writeFileSync(file, 'better');
    later();
    expect(secret()).toBe('better');
  });

  it('is taken up after it was empty, though nothing but its content changed since', () => {
    fs.writeFileSync(file, 'good');
    const secret = open();
    fs.writeFileSync(file, '');
    later();
    expect(secret()).toBe('good');
    fs.appendFileSync(file, 'better');
    later();
    expect(secret()).toBe('better');
  });

  it('is looked at once a second, however often it is asked for', () => {
    fs.writeFileSync(file, 'good');
    const secret = open();
    const looked = jest.spyOn(fs, 'statSync');
    for (let count = 0; count < 100; count++) secret();
    later();
    for (let count = 0; count < 100; count++) secret();
    expect(looked).toHaveBeenCalledTimes(1);
  });
});

describe('a secret that has to be as it should', () => {
  const problemOf = (value: string): Text | undefined =>
    value.length < 4
      ? expectedFound({ sv: 'minst 4 tecken', en: 'at least 4 characters' }, String(value.length))
      : undefined;

  it('is refused at the beginning where it is not, by the name of its setting or its file', () => {
    expect(() => openSecret('THE_KEYS', 'abc', undefined, { problemOf })).toThrow(
      'THE_KEYS: expected at least 4 characters, found 3',
    );
    fs.writeFileSync(file, 'abc\n');
    expect(() => openSecret('THE_KEYS', undefined, file, { problemOf })).toThrow(
      'THE_KEYS_FILE: expected at least 4 characters, found 3',
    );
    expect(openSecret('THE_KEYS', 'abcd', undefined, { problemOf })()).toBe('abcd');
  });

  it('holds as it was once its file is not, which is told once for each such file, and is taken up after', () => {
    const logged: string[] = [];
    fs.writeFileSync(file, 'good');
    const secret = openSecret('THE_KEYS', undefined, file, { problemOf, log: (line) => logged.push(line) });
    const looked = (): (string | undefined)[] =>
      Array.from({ length: 3 }, () => {
        later();
        return secret();
      });
    replace('abc');
    expect(looked()).toEqual(['good', 'good', 'good']);
    expect(logged).toEqual([
      'THE_KEYS_FILE: expected at least 4 characters, found 3; its last good value holds',
    ]);
    replace('a');
    expect(looked()).toEqual(['good', 'good', 'good']);
    expect(logged).toHaveLength(2);
    replace('better');
    expect(looked()).toEqual(['better', 'better', 'better']);
    expect(logged).toHaveLength(2);
  });
});

describe('several secrets in one', () => {
  it.each([
    ['one', ['one']],
    ['one two', ['one', 'two']],
    [' one\n\ttwo  \r\nthree\n', ['one', 'two', 'three']],
    ['', []],
  ])('are parted by white space: %j', (text, parts) => {
    expect(partsOf(() => text)).toEqual(parts);
  });

  it('are none where there is none', () => {
    expect(partsOf(() => undefined)).toEqual([]);
  });
});
