/** Language of what people read. */
export type Language = 'sv' | 'en';

/** A wording in both languages our own people read. */
export interface Text {
  sv: string;
  en: string;
}

/** A wording; a plain string, such as a name or a number, reads the same in both languages. */
export type Wording = Text | string;

/** A wording in both languages, whichever way it was given. */
export function inBoth(wording: Wording): Text {
  return typeof wording === 'string' ? { sv: wording, en: wording } : wording;
}

/** Wordings one after the other, without anything between them. */
export function joined(...wordings: Wording[]): Text {
  const texts = wordings.map(inBoth);
  return { sv: texts.map(({ sv }) => sv).join(''), en: texts.map(({ en }) => en).join('') };
}

/**
 * The sentence of every finding.
 *
 * @example expectedFound({ sv: 'minst 1', en: 'at least 1' }, '0').en // 'expected at least 1, found 0'
 */
export function expectedFound(expected: Wording, found: Wording): Text {
  return joined(
    { sv: 'förväntade ', en: 'expected ' },
    expected,
    { sv: ', hittade ', en: ', found ' },
    found,
  );
}

const onceOf = {
  name: { sv: 'varje namn', en: 'each name' },
  property: { sv: 'varje egenskap', en: 'each property' },
  id: { sv: 'varje id', en: 'each id' },
  email: { sv: 'varje email', en: 'each email' },
};

/** The sentence of a finding about something that must be unique and is there a second time. */
export function eachOnce(what: keyof typeof onceOf, value: string): Text {
  return expectedFound(joined(onceOf[what], { sv: ' en gång', en: ' once' }), {
    sv: `"${value}" igen`,
    en: `"${value}" again`,
  });
}
