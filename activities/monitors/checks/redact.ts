/** Removes secrets from what a check reports: a server may send back what it was sent. */

/** What stands for a secret. */
export const hidden = '***';

/** Parts of a secret that are secrets themselves: the token of `Bearer …`, the password of a login or an address. */
function partsOf(secret: string): string[] {
  const words = secret.split(/\s+/).slice(1);
  const logins = words.map((word) => Buffer.from(word, 'base64').toString('utf8')).filter(isLogin);
  const passwords = logins.map((login) => login.slice(login.indexOf(':') + 1));
  const inAddress = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*?:([^/?#\s]*)@/i.exec(secret)?.[1] ?? '';
  const atLeast = (part: string): boolean => part.length >= shortestPart;
  return [...words, ...logins, ...passwords, inAddress, decoded(inAddress)].filter(atLeast);
}

/** Shortest part that is hidden: shorter ones would hide much of an ordinary text. */
const shortestPart = 4;

const isLogin = (text: string): boolean => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The ways a text is commonly written in an answer. */
function waysToWrite(text: string): string[] {
  const html = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  const json = JSON.stringify(text).slice(1, -1);
  const ways = [
    text,
    json,
    html,
    html.replaceAll("'", '&#39;'),
    base64,
    Buffer.from(text).toString('base64url'),
  ];
  try {
    return [...ways, encodeURIComponent(text), encodeURI(text)];
  } catch {
    // Half a character cannot be written in an address.
    return ways;
  }
}

/** Removes the beginning of a secret at the end of a text: the text may have been cut there. */
function withoutBeginning(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestPart; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + hidden;
  return text;
}

/**
 * A function that hides secrets in a text, however they are commonly written: as they are, in JSON, HTML, an address or
 * base64. What a cut has left of one at the end is hidden as well.
 *
 * @example hiding(['Bearer abcdef'])('got abcdef') // 'got ***'
 */
export function hiding(secrets: Iterable<string>): (text: string) => string {
  const all = [...secrets].filter((secret) => secret !== '');
  if (all.length === 0) return (text) => text;
  const written = new Set(all.flatMap((secret) => [secret, ...partsOf(secret)]).flatMap(waysToWrite));
  // The longest first, or what is left of it would stay.
  const longestFirst = [...written].sort((a, b) => b.length - a.length);
  return (text) => {
    const rest = longestFirst.reduce((left, way) => left.replaceAll(way, hidden), text);
    return longestFirst.reduce(withoutBeginning, rest);
  };
}
