import { contractFaults } from '../../rules/engine/contract/read-contract';
import { oneLine, onOneLine, printable, withoutUnseen } from '../../rules/engine/basics/one-line';
import { Place } from '../../rules/engine/signing/payload';
import { readFields } from '../../workflows/messages/fields';
import { exampleContract } from '../helpers/example';

const unseen = [
  '\u061c',
  '\u200b',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202d',
  '\u202e',
  '\u2060',
  '\u2066',
  '\u2069',
  '\ufeff',
];

describe('a text on one line', () => {
  it.each(unseen)('has none of what nobody sees: %j', (character) => {
    expect(oneLine(`Eva${character} Ek`)).toBe('Eva Ek');
    expect(onOneLine(`Eva${character}  Ek`)).toBe('Eva  Ek');
    expect(withoutUnseen(`a${character}\nb`)).toBe('a\nb');
    const shown = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    expect(printable(`Eva${character}\u001b[31m\nEk`)).toBe(`Eva${shown}\ufffd[31m Ek`);
  });

  it.each(['\n', '\r\n', '\u2028', '\u2029', '\u0085', '\0', '\u001b', '\t', '\v'])(
    'has no %j',
    (character) => {
      expect(oneLine(` Eva ${character} Ek${character}`)).toBe('Eva Ek');
      expect(onOneLine(`Eva${character}Ek`)).toBe('Eva Ek');
    },
  );

  it.each(['Åsa Öberg-Ek', "Nuala O'Brien", 'नेहा क्‍षत्रिय', 'می‌خواهم', '👩‍🔧', '100\u00a0h'])(
    'keeps %j',
    (text) => {
      expect(onOneLine(text)).toBe(text);
    },
  );
});

describe('names read from outside have nothing that nobody sees', () => {
  const name = 'Eva\u202ekE Ek';

  it('in a contract they are refused with their place', () => {
    const contract = exampleContract();
    contract.contacts.consultant.name = name;
    expect(contractFaults(contract)).toEqual([
      expect.objectContaining({ path: ['contacts', 'consultant', 'name'] }),
    ]);
    expect(contractFaults(contract)[0]?.message.en).toBe(
      'expected one line of text, at most 200 characters, found "Eva\\u202ekE Ek"; character 4 is U+202E, which nobody sees',
    );
    expect(contractFaults(contract)[0]?.message.sv).toBe(
      'förväntade en rad text, högst 200 tecken, hittade "Eva\\u202ekE Ek"; tecken 4 är U+202E, som inte syns',
    );
  });

  it('of signers, and in messages, they are left out', () => {
    expect(new Place(name, 'signer', []).name()).toBe('EvakE Ek');
    const read = readFields({ place: name }, 'a', { place: 'text' });
    expect('value' in read && read.value.text('place')).toBe('EvakE Ek');
  });
});

describe('a refused text says which character nobody sees, and where', () => {
  it.each([
    ['👩‍🔧\u200b', '; character 4 is U+200B, which nobody sees'],
    ['Eva\nEk', '; character 4 is U+000A, which nobody sees'],
    ['Eva\u2028Ek', '; character 4 is U+2028, which nobody sees'],
    ['', '""'],
    ['x'.repeat(201), '…'],
  ])('as a name: %j', (name, end) => {
    const contract = exampleContract();
    contract.contacts.consultant.name = name;
    expect(contractFaults(contract)[0]?.message.en.endsWith(end)).toBe(true);
  });

  it('as an id or an address, also a soft hyphen', () => {
    const contract = exampleContract();
    contract.contacts.consultant.id = 'anna-\u00adberg';
    contract.contacts.consultant.email = 'anna\u200b@pector.example';
    expect(contractFaults(contract).map(({ message }) => message.en.split('; ').at(-1))).toEqual([
      'character 6 is U+00AD, which nobody sees',
      'character 5 is U+200B, which nobody sees',
    ]);
  });
});
