import { openToken, signToken } from '../../rules/engine/basics/signed-token';

const key = 'a key of a test';
const content = { id: 12, purpose: 'statement' };
const token = signToken(key, 'page', content);
const [payload = '', signature = ''] = token.split('.');
const wider = Buffer.from(JSON.stringify({ ...content, id: 13 })).toString('base64url');

it('a token is read as it was signed', () => {
  expect(openToken(key, 'page', token)).toEqual(content);
});

it.each([
  ['was signed with another key', 'another', 'page', token],
  ['is of another kind', key, 'form', token],
  ['is taken for one without a kind', key, '', `page:${token}`],
  ['was changed', key, 'page', `${wider}.${signature}`],
  ['was cut', key, 'page', token.slice(0, -3)],
  ['has something after it', key, 'page', `${token}.x`],
  ['has no signature', key, 'page', payload],
  ['has nothing in it', key, '', signToken(key, '', {}).replace(/^[^.]*/, '')],
  ['is nothing', key, 'page', ''],
])('one that %s is none', (_, by, kind, given) => {
  expect(openToken(by, kind, given)).toBeUndefined();
});
