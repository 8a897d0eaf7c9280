/** Something that can be named: its id, and what people call it. */
export interface Named {
  id: string;
  names: readonly string[];
}

/** Lower case, one blank between words of letters and digits. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The same without dots and rings: `forkontroll` for `förkontroll`. */
const bare = (text: string): string => plain(text.normalize('NFD').replace(/\p{M}/gu, ''));

/** Fewest characters of a part of a name that stands for it. */
const least = 4;

const startsAlike = (given: string, name: string): boolean =>
  given.length >= least && name.length >= least && name.startsWith(given);
const holdsWords = (given: string, name: string): boolean => {
  const words = name.split(' ');
  return given.length >= least && given.split(' ').every((word) => words.some((other) => other === word));
};

/** From the plainest to the widest; the first that finds something decides. */
const ways: ((given: string, name: string) => boolean)[] = [
  (given, name) => plain(given) === plain(name),
  (given, name) => bare(given) === bare(name),
  (given, name) => startsAlike(bare(given), bare(name)),
  (given, name) => holdsWords(bare(given), bare(name)),
];

/**
 * The ids that somebody means who writes a name: whole, without its dots and rings, its beginning, or words of it.
 * @returns none if nothing is called so, several if it is ambiguous
 * @example whichIsMeant('Utbildning', [{ id: 'training', names: ['utbildningsbehov'] }]) // ['training']
 */
export function whichIsMeant(given: string, choices: readonly Named[]): string[] {
  if (plain(given) === '') return [];
  for (const isMeant of ways) {
    const meant = choices.filter(({ id, names }) => [id, ...names].some((name) => isMeant(given, name)));
    if (meant.length > 0) return [...new Set(meant.map(({ id }) => id))];
  }
  // Too short to stand for one, but it may say which of several to ask about.
  const begun = bare(given);
  const likely = choices.filter(({ id, names }) =>
    [id, ...names].some((name) => bare(name).startsWith(begun)),
  );
  const ids = [...new Set(likely.map(({ id }) => id))];
  return begun !== '' && ids.length > 1 ? ids : [];
}
