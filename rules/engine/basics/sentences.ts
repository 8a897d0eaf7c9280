/**
 * Texts one after the other as sentences, whether or not somebody wrote a full stop at their end; the last one stays as it is.
 *
 * @example sentences('Fel i momsrapporten.', 'Ersätts av 18.10.0') // 'Fel i momsrapporten. Ersätts av 18.10.0'
 */
export const sentences = (...texts: readonly string[]): string =>
  texts.map((text, at) => (at === texts.length - 1 || /[.!?…]$/.test(text) ? text : `${text}.`)).join(' ');
