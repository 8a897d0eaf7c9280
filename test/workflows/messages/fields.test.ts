import type { Text } from '../../../rules/engine/basics/text';
import { readFields, timeField } from '../../../workflows/messages/fields';

const known = {
  hours: 'number',
  spent: 'hours',
  kind: 'text',
  note: 'text',
  on: 'date',
  at: 'time',
  ok: 'flag',
  who: 'texts',
  actions: 'actions',
} as const;
const names = 'hours, spent, kind, note, on, at, ok, who, actions, by, agreement';
const read = (input: unknown) => readFields(input, 'guld-1', known);

function taken(input: unknown) {
  const result = read(input);
  if ('rejected' in result) throw new Error(result.rejected.en);
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
    ['an array', [], `expected a JSON object with ${names}, found []`],
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
    ['an array as a number', { hours: [2] }, 'hours: expected a number, found [2]'],
    ['words as a number', { hours: 'many' }, 'hours: expected a number, found "many"'],
    ['digits with a space between that is none of thousands', { hours: '1 00' }, 'found "1 00"'],
    ['hexadecimal', { hours: '0x10' }, 'hours: expected a number, found "0x10"'],
    ['an exponent', { hours: '1e2' }, 'hours: expected a number, found "1e2"'],
    ['no end', { hours: 'Infinity' }, 'hours: expected a number, found "Infinity"'],
    ['a thousand or one and a fifth', { hours: '1,200' }, 'hours: expected a number, found "1,200"'],
    ['a span of time as a number', { hours: '1:30' }, 'hours: expected a number, found "1:30"'],
    ['hexadecimal as hours', { spent: '0x10' }, 'spent: expected hours as 1.5 or 1:30, found "0x10"'],
    ['more minutes than an hour has', { spent: '1:75' }, 'spent: expected hours as 1.5 or 1:30'],
    ['a truth as a number', { hours: true }, 'hours: expected a number, found true'],
    ['a day that is none', { on: '2027-02-30' }, 'on: expected a date as YYYY-MM-DD, found "2027-02-30"'],
    ['a day as Americans write it', { on: '5/18/2027' }, 'on: expected a date as YYYY-MM-DD'],
    ['a number as a day', { on: 20270518 }, 'on: expected a date as YYYY-MM-DD, found 20270518'],
    ['an hour that no day has', { at: '24:00' }, 'at: expected a time of day as 10:00, found "24:00"'],
    ['neither true nor false', { ok: 'perhaps' }, 'ok: expected true or false, found "perhaps"'],
    ['a list of objects as texts', { who: [{}] }, 'who: expected a list of at most 30 texts, found [{}]'],
    ['an action that is a number', { actions: [7] }, 'actions: [0]: expected a text, or what, owner, due'],
    ['an action without words', { actions: [{ owner: 'x' }] }, 'actions: [0].what: expected a text'],
    [
      'an action with a day that is none',
      { actions: ['a', { what: 'b', due: 'soon' }] },
      '[1].due: expected a date',
    ],
    [
      'an action with more',
      { actions: [{ what: 'b', when: 'soon' }] },
      'expected only what, owner, due, found when',
    ],
    ['too many actions', { actions: Array.from({ length: 31 }, () => 'x') }, 'at most 30 actions'],
    ['an unknown name', { houres: 2 }, `expected only ${names}, found houres`],
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
    expect((result as { rejected: Text }).rejected.en).toContain(expected);
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
      expect((read(input) as { rejected: Text }).rejected.sv.length).toBeLessThan(400);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`name-${index}`, 1]));
    expect((read(many) as { rejected: Text }).rejected.sv.length).toBeLessThan(400);
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
    ['a text with thousands', '1 000,5', 1000.5],
    ['a text with thousands kept together', '1\u00a0000', 1000],
    ['a blank text', ' ', undefined],
    ['null', null, undefined],
  ])('is read from %s', (_what, value, expected) => {
    expect(taken({ hours: value }).number('hours')).toBe(expected);
  });
});

describe('minutes', () => {
  const minutesOf = (length: unknown) => readFields({ length }, 'guld-1', { length: 'minutes' });

  it.each([
    [90, 90],
    ['90', 90],
    ['1:30', 90],
    ['1,5 h', 90],
    ['1 tim 30 min', 90],
  ])('are read from %j', (given, minutes) => {
    const read = minutesOf(given);
    expect('value' in read && read.value.number('length')).toBe(minutes);
  });

  it('are refused in words that say how they are written', () => {
    expect(minutesOf('1:75')).toEqual({
      rejected: {
        en: 'length: expected minutes as 90 or 1:30, found "1:75"',
        sv: 'length: förväntade minuter som 90 eller 1:30, hittade "1:75"',
      },
    });
  });
});

describe('hours by the thousand', () => {
  it.each(['1 500', '1\u00a0500', '1’500'])('are asked about: %j', (spent) => {
    expect(read({ spent })).toEqual({
      rejected: {
        en: `spent: expected hours as 1.5 or 1:30, found "${spent}"; if that many are meant, write 1500`,
        sv: `spent: förväntade timmar som 1,5 eller 1:30, hittade "${spent}"; är det så många, skriv 1500`,
      },
    });
  });
});

describe('hours', () => {
  it.each([
    ['a number', 2.5, 2.5],
    ['a text with a comma', '2,5', 2.5],
    ['a text with a unit', '2,5 h', 2.5],
    ['a span of time', '1:30', 1.5],
    ['a span of time in whole minutes, to the hundredth', '0:20', 0.33],
    ['a blank text', ' ', undefined],
  ])('are read from %s', (_what, value, expected) => {
    expect(taken({ spent: value }).number('spent')).toBe(expected);
  });
});

describe('other fields', () => {
  it('read times of day as people write them', () => {
    expect(['9:30', '09.30', ' 13:00 '].map((at) => timeField(taken({ at }), 'at'))).toEqual([
      '09:30',
      '09:30',
      '13:00',
    ]);
  });

  it('read yes and no in both languages', () => {
    expect(['ja', 'no', true, 'FALSE', ' '].map((ok) => taken({ ok }).flag('ok'))).toEqual([
      true,
      false,
      true,
      false,
      undefined,
    ]);
  });

  it('read one text as a list of one', () => {
    expect(taken({ who: 'contact-1' }).texts('who')).toEqual(['contact-1']);
    expect(taken({ who: ['contact-1', ' ', 2] }).texts('who')).toEqual(['contact-1', '2']);
    expect(taken({}).texts('who')).toEqual([]);
  });

  it('read actions in words alone, or with owner and day', () => {
    expect(
      taken({ actions: ['send the list', { what: 'b', owner: 'contact-1', due: '2027-03-01' }] }).actions(
        'actions',
      ),
    ).toEqual([{ what: 'send the list' }, { what: 'b', owner: 'contact-1', due: '2027-03-01' }]);
  });

  it('say why in Swedish as well', () => {
    expect((read({ on: 'x' }) as { rejected: Text }).rejected.sv).toBe(
      'on: förväntade ett datum som ÅÅÅÅ-MM-DD, hittade "x"',
    );
  });
});

it.each([
  ['10.00', '10:00'],
  ['kl 13.30', '13:30'],
  ['10:00:00', '10:00'],
])('a time of day is read as people write it: %s', (at, time) => {
  expect(timeField(taken({ at }), 'at')).toBe(time);
});

it.each([
  ['1 h 30 min', 5400],
  ['90 min', 5400],
  ['20 min', 1200],
  ['1h30', 5400],
])('hours are read as a span of time: %s', (spent, seconds) => {
  expect(taken({ spent }).seconds('spent')).toBe(seconds);
});
