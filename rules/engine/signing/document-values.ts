/** Looks up values of a document by the names that a mapping uses. */
import { localDateOf } from '../calendar/calendar';
import { didYouMean } from '../basics/did-you-mean';
import { fold, matches } from '../basics/patterns';
import { expectedFound, inBoth, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { Condition, Source } from './mapping';
import { shown } from './payload';
import type { SigningDocument, SigningField } from './signing';

/** A text of the document; or that it is missing or empty, in words; or why it cannot be used. */
export type Found = { text: string } | { nothing: Text } | { wrong: Text };

/** The fields with a name. */
function fieldsNamed({ fields }: SigningDocument, name: string): SigningField[] {
  const wanted = fold(name);
  return fields.filter((field) =>
    [field.name, field.key ?? field.name].some((each) => fold(each) === wanted),
  );
}

/** Finds a value. A field may occur on several pages or for several signers: then those with a value must agree. */
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

/** The name of a source in a message. */
export function nameOf({ field, signing }: Source): Text {
  return field === undefined
    ? inBoth(`signing ${signing ?? ''}`)
    : { sv: `fältet "${field}"`, en: `field "${field}"` };
}

/** Whether a document meets a condition; if not, a message about what it says instead. */
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
