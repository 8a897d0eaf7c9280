/** What a document says, by the names that a mapping uses. */
import { localDateOf } from '../calendar/calendar';
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, inBoth, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { Condition, Source } from './mapping';
import { shown } from './payload';
import type { SigningDocument, SigningField } from './signing';

/** A text of the document, nothing where it is missing or empty, or why there is none to be had. */
export type Found = { text: string } | { nothing: Text } | { wrong: Text };

/** Names and choices are the same whatever their capitals, spaces and way of writing å. */
export function fold(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** The fields of a name. */
function fieldsNamed({ fields }: SigningDocument, name: string): SigningField[] {
  const wanted = fold(name);
  return fields.filter((field) =>
    [field.name, field.key ?? field.name].some((each) => fold(each) === wanted),
  );
}

/** A field may stand on several pages and with several signers: then it must say the same, or nothing. */
export function find(document: SigningDocument, source: Source): Found {
  if (source.field === undefined) return findSigning(document, source.signing ?? '');
  const fields = fieldsNamed(document, source.field);
  const values = new Map(
    fields.map(({ value }) => [fold(value), value.trim()] as const).filter(([folded]) => folded !== ''),
  );
  const [first, second] = values.values();
  if (first !== undefined && second !== undefined)
    return {
      wrong: expectedFound(
        { sv: 'samma värde överallt i fältet', en: 'the same value everywhere in the field' },
        joined(shown(first), { sv: ' och ', en: ' and ' }, shown(second)),
      ),
    };
  if (first !== undefined) return { text: first };
  if (fields.length > 0)
    return {
      nothing: expectedFound(
        { sv: 'ett värde', en: 'a value' },
        { sv: 'ett tomt fält', en: 'an empty field' },
      ),
    };
  const hint = didYouMean(source.field, [...new Set(document.fields.map(({ name }) => name))]);
  const none = { sv: 'inget sådant fält', en: 'no such field' };
  return { nothing: joined(expectedFound({ sv: 'ett värde', en: 'a value' }, none), hint) };
}

function findSigning(document: SigningDocument, name: string): Found {
  const text = signingValue(document, name);
  if (text !== undefined && text.trim() !== '') return { text: text.trim() };
  return {
    nothing: expectedFound(
      { sv: 'ett värde från tjänsten', en: 'a value from the service' },
      { sv: 'inget', en: 'none' },
    ),
  };
}

function signingValue(document: SigningDocument, name: string): string | undefined {
  if (name === 'completedOn') return document.completedAt && localDateOf(document.completedAt);
  if (name === 'document') return document.document;
  if (name === 'title') return document.title;
  const [, number, what] = /^signer\.(\d+)\.(name|email)$/.exec(name) ?? [];
  const signer = document.signers[Number(number) - 1];
  return what === 'email' ? signer?.email : signer?.name;
}

/** What a source is called in a message. */
export function nameOf({ field, signing }: Source): Text {
  return field === undefined
    ? inBoth(`signing ${signing ?? ''}`)
    : { sv: `fältet "${field}"`, en: `field "${field}"` };
}

/** Whether a document meets a condition; if not, what it says instead. */
export function meets(document: SigningDocument, condition: Condition): true | Text {
  const found = find(document, condition);
  if ('text' in found && condition.is.some((pattern) => matches(found.text, pattern))) return true;
  return joined(
    nameOf(condition),
    ': ',
    'wrong' in found
      ? found.wrong
      : expectedFound(
          joined({ sv: 'ett av ', en: 'one of ' }, condition.is.map((each) => `"${each}"`).join(', ')),
          'text' in found ? shown(found.text) : { sv: 'inget', en: 'none' },
        ),
  );
}

/** `*` stands for any characters. Walks once for each star, never back further: patterns are anybody's. */
function matches(text: string, pattern: string): boolean {
  const [start = '', ...rest] = fold(pattern).split('*');
  const folded = fold(text);
  if (rest.length === 0) return folded === start;
  if (!folded.startsWith(start)) return false;
  const end = rest.pop() ?? '';
  let at = start.length;
  for (const part of rest) {
    const next = folded.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  return folded.length - end.length >= at && folded.endsWith(end);
}
