import { readPayload } from '../../../rules/engine/signing/read-payload';

it.each([
  [
    '{\n  "a": 1,,\n}',
    'förväntade JSON i UTF-8, hittade annat (rad 2, kolumn 10: förväntade ett egenskapsnamn inom dubbla citattecken, hittade ,)',
    'expected JSON in UTF-8, found something else (line 2, column 10: expected a property name in double quotes, found ,)',
  ],
  [
    '<html>',
    'förväntade JSON i UTF-8, hittade annat (rad 1, kolumn 1: förväntade ett JSON-värde, hittade <html>)',
    'expected JSON in UTF-8, found something else (line 1, column 1: expected a JSON value, found <html>)',
  ],
  [
    '',
    'förväntade JSON i UTF-8, hittade annat (rad 1, kolumn 1: förväntade ett värde, hittade textens slut)',
    'expected JSON in UTF-8, found something else (line 1, column 1: expected a value, found the end of the text)',
  ],
])('tells where %j is no JSON, in words of one language', (text, sv, en) => {
  expect(readPayload(text)).toEqual({ reasons: [{ message: { sv, en } }] });
});

it.each(['[1,2', '{"a":"\u0001"}', '{"a":01}', 'nul', '{"a":1} x', '{"a":"x'])(
  'tells something of %j',
  (text) => {
    const read = readPayload(text);
    expect('reasons' in read && read.reasons[0]?.message.sv).toMatch(
      /^förväntade JSON i UTF-8, hittade annat \(rad \d+, kolumn \d+: förväntade .*, hittade .*\)$/s,
    );
  },
);
