import {
  addressKey,
  asciiAddress,
  isMailAddress,
  writtenAddress,
} from '../../rules/engine/basics/mail-address';

test.each([
  ['karin.ek@example.com', true],
  ['karin@åkeri.se', true],
  ['karin@xn--keri-poa.se', true],
  ['karin@kund.åkeri.se', true],
  ['bo.åkesson@example.com', true],
  ['björn@smörgås.se', true],
  ["o'hara+avtal@example.co.uk", true],
  ['a@b', false],
  ['a@åkeri', false],
  ['a@b@c.se', false],
  ['a b@c.se', false],
  ['a@-åkeri.se', false],
  ['a@åkeri..se', false],
  ['a@å keri.se', false],
  ['a@åkeri\u00ad.se', false],
  ['Bo <bo@åkeri.se>', false],
  ['.bo@åkeri.se', false],
  ['bo@åkeri.se\n', false],
  // 63 is the longest label, also in ASCII.
  [`bo@${'å'.repeat(60)}.se`, false],
  [`${'a'.repeat(250)}@åkeri.se`, false],
])('%j is a mail address: %p', (text, is) => {
  expect(isMailAddress(text)).toBe(is);
});

test('a domain has two forms, and mail servers get the one in ASCII', () => {
  expect(asciiAddress('Bo.Ek@Åkeri.se')).toBe('Bo.Ek@xn--keri-poa.se');
  expect(asciiAddress('åsa@åkeri.se')).toBe('åsa@xn--keri-poa.se');
  expect(asciiAddress('Bo@Example.COM')).toBe('Bo@Example.COM');
  expect(writtenAddress('Bo@XN--KERI-POA.se')).toBe('Bo@åkeri.se');
  expect(writtenAddress('Bo@A\u030akeri.se')).toBe('Bo@åkeri.se');
  expect(writtenAddress('Bo@Example.COM')).toBe('Bo@Example.COM');
});

test('both forms are one address, in capitals or not, however å is encoded', () => {
  const forms = ['Åsa@ÅKERI.se', 'åsa@xn--keri-poa.se', 'åsa@XN--KERI-POA.SE', 'A\u030asa@a\u030akeri.se'];
  expect(new Set(forms.map(addressKey))).toEqual(new Set(['åsa@xn--keri-poa.se']));
  expect(addressKey('asa@akeri.se')).not.toBe(addressKey('åsa@åkeri.se'));
});
