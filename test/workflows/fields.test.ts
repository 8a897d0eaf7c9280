import { readFields } from '../../workflows/fields';

const known = ['hours', 'kind', 'note', 'by', 'agreement'];
const read = (input: unknown) => readFields(input, 'guld-1', known);

function taken(input: unknown) {
  const result = read(input);
  if ('rejected' in result) throw new Error(result.rejected);
  return result.value;
}

const parsed = (text: string): unknown => JSON.parse(text);

describe('what a message carries', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['an empty object', {}],
  ])('may be nothing at all: %s', (_what, input) => {
    const fields = taken(input);
    expect(fields.text('note')).toBeUndefined();
    expect(fields.number('hours')).toBeUndefined();
    expect(fields.optional({ service: 'kind', note: 'note' })).toEqual({});
  });

  it.each([
    ['an array', [], 'expected a JSON object with hours, kind, note, by, agreement, found []'],
    ['an array of objects', [{ hours: 1 }], 'found [{"hours":1}]'],
    ['a text', 'hours=2', 'found "hours=2"'],
    ['a blank text', ' ', 'found " "'],
    ['a number', 7, 'found 7'],
    ['no number', Number.NaN, 'found null'],
    ['a truth', true, 'found true'],
    ['a function', () => 1, 'found function'],
    ['a symbol', Symbol('x'), 'found symbol'],
    [
      'an object as a value',
      { note: { text: 'x' } },
      'note: expected a text or a number, found {"text":"x"}',
    ],
    ['an array as a value', { hours: [2] }, 'hours: expected a text or a number, found [2]'],
    ['an unknown name', { houres: 2 }, 'expected only hours, kind, note, by, agreement, found houres'],
    ['a name in other letters', { Hours: 2 }, 'found Hours'],
    ['a name that every object has', { toString: 'x' }, 'found toString'],
    ['another prototype', parsed('{"__proto__": {"hours": 2}}'), 'found __proto__'],
    ['a prototype beside a field', parsed('{"hours": 2, "__proto__": {"by": "x"}}'), 'found __proto__'],
    ['a constructor', parsed('{"constructor": {"prototype": {"hours": 2}}}'), 'found constructor'],
    [
      "another agreement's number",
      { agreement: 'guld-2' },
      'this is the agreement guld-1, the message is for "guld-2"',
    ],
    ['an agreement that is a number', { agreement: 1 }, 'the message is for 1'],
    ['an agreement in a list', { agreement: ['guld-1'] }, 'the message is for ["guld-1"]'],
  ])('is rejected with what was expected and found: %s', (_what, input, expected) => {
    const result = read(input);
    expect(result).toHaveProperty('rejected');
    expect((result as { rejected: string }).rejected).toContain(expected);
  });

  it('leaves the prototype of all objects alone', () => {
    read(parsed('{"__proto__": {"polluted": true}}'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('never gives a field that only the prototype has', () => {
    const fields = taken({});
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty'])
      expect([fields.text(name), fields.number(name)]).toEqual([undefined, undefined]);
  });

  it('is rejected in few words, however long it is', () => {
    const long = 'x'.repeat(100_000);
    for (const input of [long, [long], { [long]: 1 }, { agreement: long }, { note: [long] }])
      expect((read(input) as { rejected: string }).rejected.length).toBeLessThan(400);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`name-${index}`, 1]));
    expect((read(many) as { rejected: string }).rejected.length).toBeLessThan(400);
  });

  it.each([parsed('{"note": "x", "agreement": "guld-1"}'), { agreement: undefined, note: 'x' }])(
    'is taken for this agreement: %j',
    (input) => {
      expect(taken(input).text('note')).toBe('x');
    },
  );
});

describe('a text', () => {
  it.each([
    ['a text', 'x', 'x'],
    ['a text with space around', '  x\n', 'x'],
    ['a blank text', '  ', undefined],
    ['null', null, undefined],
    ['a number', 2.5, '2.5'],
    ['zero', 0, '0'],
    ['a truth', false, 'false'],
  ])('is read from %s', (_what, value, expected) => {
    expect(taken({ note: value }).text('note')).toBe(expected);
  });

  it('is cut to a length that a history can hold', () => {
    expect(taken({ note: 'x'.repeat(5_000) }).text('note')).toHaveLength(500);
  });

  it.each([
    ['a zero character', 'a\u0000b', 'a b'],
    ['an escape sequence', 'a\u001b[31mb', 'a [31mb'],
    ['half a character', 'a\ud83db', 'ab'],
    ['a line break, which stays', 'a\nb', 'a\nb'],
    ['a whole character of two halves, which stays', 'a😀b', 'a😀b'],
  ])('holds nothing that PostgreSQL cannot store: %s', (_what, value, expected) => {
    expect(taken({ note: value }).text('note')).toBe(expected);
  });

  it('is cut between characters, not within one', () => {
    expect(taken({ note: '😀'.repeat(5_000) }).text('note')).toBe('😀'.repeat(500));
  });

  it('is left out under its other name where it is not there', () => {
    expect(taken({ kind: 'consulting', note: ' ' }).optional({ service: 'kind', note: 'note' })).toEqual({
      service: 'consulting',
    });
  });
});

describe('a number', () => {
  it.each([
    ['a number', 2.5, 2.5],
    ['a text with a point', '2.5', 2.5],
    ['a text with a comma', ' 2,5 ', 2.5],
    ['a blank text', ' ', undefined],
    ['null', null, undefined],
    ['a truth', true, undefined],
    ['words', 'many', Number.NaN],
    ['digits with a space between', '1 000', Number.NaN],
  ])('is read from %s', (_what, value, expected) => {
    expect(taken({ hours: value }).number('hours')).toBe(expected);
  });
});
