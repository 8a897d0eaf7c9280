/** Scrive: a document as its API (v2) gives it. */
import { addressKey } from '../basics/mail-address';
import { counterpartFields, isSameCompany } from './counterparts';
import type { Company } from './counterparts';
import { latest } from './latest';
import type { Place, ReadForm } from './payload';
import type { Signer, SigningField, SigningOutcome } from './signing';

const outcomes = new Map<string, SigningOutcome>([
  ['closed', 'completed'],
  ['rejected', 'declined'],
  ['canceled', 'voided'],
  ['cancelled', 'voided'],
  ['timedout', 'expired'],
]);

export const readScrive: ReadForm = (payload) => {
  const document = payload.at('id').required({ sv: 'dokumentets id', en: "the document's id" });
  const status = payload.at('status').required({ sv: 'en status som closed', en: 'a status as closed' });
  const title = payload.at('title').name();
  const parties = payload.at('parties').items();
  const signers = parties.filter((party) => party.at('is_signatory').value === true).map(signerOf);
  const fields = [...parties.flatMap(fieldsOf), ...counterpartFields(othersOf(parties))];
  if (document === undefined || status === undefined) return undefined;
  const outcome = outcomes.get(status.toLowerCase()) ?? 'other';
  // A document has no time of completion of its own: it is complete when the last party has signed.
  const completedAt = outcome === 'completed' ? latest(signers.map(({ signedAt }) => signedAt)) : undefined;
  return {
    document,
    outcome,
    status,
    ...(title === undefined ? {} : { title }),
    ...(completedAt === undefined ? {} : { completedAt }),
    fields,
    signers,
    files: [],
  };
};

/** The companies that sign besides the author's: a colleague of the author may be the one who signs for us. */
function othersOf(parties: readonly Place[]): Company[] {
  const author = parties.find((party) => party.at('is_author').value === true);
  const isOurs = (party: Place): boolean =>
    author !== undefined &&
    (party === author ||
      isSameCompany(companyOf(author), companyOf(party)) ||
      (domainOf(author) !== '' && domainOf(author) === domainOf(party)));
  return parties.filter((party) => party.at('is_signatory').value === true && !isOurs(party)).map(companyOf);
}

const companyOf = (party: Place): Company => ({
  name: standardField(party, 'company'),
  number: standardField(party, 'company_number'),
});

const domainOf = (party: Place): string => addressKey(standardField(party, 'email')).split('@')[1] ?? '';

/** The first text of a kind that Scrive itself has for every party. */
function standardField(party: Place, type: string): string {
  const field = party
    .at('fields')
    .items()
    .find((each) => each.at('type').value === type);
  return field?.at('value').text()?.trim() ?? '';
}

/** Fields that the author of the document named. */
function fieldsOf(party: Place): SigningField[] {
  return party
    .at('fields')
    .items()
    .flatMap((field) => {
      const type = field.at('type').name();
      const name = field.at('name').name();
      if (name === undefined) return [];
      if (type === 'text' || type === 'date') return [{ name, value: field.at('value').text() ?? '' }];
      if (type === 'checkbox') return [{ name, value: field.at('is_checked').text() ?? 'false' }];
      if (type === 'radiogroup') return [{ name, value: field.at('selected_value').text() ?? '' }];
      return [];
    });
}

function signerOf(party: Place): Signer {
  const standard = party.at('fields').items();
  const ofType = (type: string): string[] =>
    standard
      .filter((field) => field.at('type').value === type)
      // First name, then family name.
      .sort((a, b) => Number(a.at('order').value ?? 0) - Number(b.at('order').value ?? 0))
      .flatMap((field) => field.at('value').name() ?? []);
  const signedAt = party.at('sign_time').instant();
  return {
    name: ofType('name').join(' ') || (ofType('full_name')[0] ?? ''),
    email: ofType('email')[0] ?? '',
    ...(signedAt === undefined ? {} : { signedAt }),
  };
}
