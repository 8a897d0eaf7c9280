/** Oneflow: a contract as its API (v1) gives it. */
import { counterpartFields } from './counterparts';
import type { Company } from './counterparts';
import { latest } from './latest';
import type { Place, ReadForm } from './payload';
import type { Signer, SigningField, SigningOutcome } from './signing';

const outcomes = new Map<string, SigningOutcome>([
  ['signed', 'completed'],
  ['declined', 'declined'],
  ['canceled', 'voided'],
  ['cancelled', 'voided'],
  ['overdue', 'expired'],
]);

export const readOneflow: ReadForm = (payload) => {
  const document = payload.at('id').required({ sv: 'kontraktets id', en: "the contract's id" });
  const status = payload.at('state').required({ sv: 'ett tillstånd som signed', en: 'a state as signed' });
  const title = payload.at('_private').at('name').name() ?? payload.at('name').name();
  const stateSince = payload.at('state_updated_time').instant();
  const parties = payload.at('parties').items();
  const signers = parties.flatMap(signersOf);
  const companies = parties.flatMap(companyOf);
  const isPrivate = companies.length === 0 && parties.some(isPrivatePerson);
  const fields = [...payload.at('data_fields').items().flatMap(dataField), ...counterpartFields(companies)];
  if (document === undefined || status === undefined) return undefined;
  const outcome = outcomes.get(status.toLowerCase()) ?? 'other';
  const completedAt =
    outcome === 'completed' ? (latest(signers.map(({ signedAt }) => signedAt)) ?? stateSince) : undefined;
  return {
    document,
    outcome,
    status,
    ...(title === undefined ? {} : { title }),
    ...(completedAt === undefined ? {} : { completedAt }),
    fields,
    signers,
    ...(isPrivate && { privatePerson: true as const }),
    files: [],
  };
};

/** A field has a name that people read and an external key; a mapping may use either. */
function dataField(field: Place): SigningField[] {
  const key = field.at('_private_ownerside').at('custom_id').name() ?? field.at('custom_id').name();
  const name = field.at('name').name() ?? key;
  if (name === undefined) return [];
  const value = field.at('value').text() ?? '';
  return [{ name, ...(key === undefined || key === name ? {} : { key }), value }];
}

/** A company on the other side. A person is left out: a service agreement does not need a person's number. */
function companyOf(party: Place): Company[] {
  if (party.at('my_party').value === true) return [];
  const number = party.at('identification_number').text() ?? '';
  const name = isPrivatePerson(party) ? undefined : party.at('name').name();
  return name === undefined ? [] : [{ name, number }];
}

const isPrivatePerson = (party: Place): boolean =>
  party.at('my_party').value !== true && party.at('type').value === 'individual';

/** The signers of a party: the participants of a company, or the private person. */
function signersOf(party: Place): Signer[] {
  const participants = [...party.at('participants').items(), party.at('participant')];
  return participants
    .filter((participant) => !participant.isNothing() && participant.at('signatory').value !== false)
    .map((participant) => {
      const signedAt =
        participant.at('sign_state').value === 'signed'
          ? participant.at('sign_state_updated_time').instant()
          : undefined;
      return {
        name: participant.at('name').name() ?? '',
        email: participant.at('email').name() ?? '',
        ...(signedAt === undefined ? {} : { signedAt }),
      };
    });
}
