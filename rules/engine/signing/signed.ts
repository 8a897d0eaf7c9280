/** Our own form, for every system that has no reader of its own. */
import type { Place, ReadForm } from './payload';
import type { EnclosedFile, Signer, SigningOutcome } from './signing';

const outcomes = new Map<string, SigningOutcome>([
  ['completed', 'completed'],
  ['declined', 'declined'],
  ['voided', 'voided'],
  ['expired', 'expired'],
]);

export const readSigned: ReadForm = (payload) => {
  const event = payload
    .at('event')
    .required({ sv: 'en händelse som completed', en: 'an event as completed' });
  const about = payload.at('document');
  const document = about.at('id').required({ sv: 'dokumentets id', en: "the document's id" });
  const title = about.at('title').name();
  const completedAt = about.at('completedAt').instant();
  const signers = about.at('signers').items().map(signerOf);
  const files = about.at('files').items().flatMap(fileOf);
  const fields = payload
    .at('fields')
    .members()
    .map(({ name, place }) => ({ name, value: place.text() ?? '' }));
  const contract = payload.at('contract');
  if (event === undefined || document === undefined) return undefined;
  return {
    document,
    outcome: outcomes.get(event.toLowerCase()) ?? 'other',
    status: event,
    ...(title === undefined ? {} : { title }),
    ...(completedAt === undefined ? {} : { completedAt }),
    fields,
    signers,
    ...(contract.isNothing() ? {} : { contract: contract.value }),
    files,
  };
};

function signerOf(signer: Place): Signer {
  const signedAt = signer.at('signedAt').instant();
  return {
    name: signer.at('name').name() ?? '',
    email: signer.at('email').name() ?? '',
    ...(signedAt === undefined ? {} : { signedAt }),
  };
}

function fileOf(file: Place): EnclosedFile[] {
  const kind = file.at('kind').required({ sv: 'contract eller certificate', en: 'contract or certificate' });
  const base64 = file.at('base64').base64();
  if (kind !== undefined && kind !== 'contract' && kind !== 'certificate')
    file.at('kind').expect({ sv: 'contract eller certificate', en: 'contract or certificate' });
  if (base64 === undefined || (kind !== 'contract' && kind !== 'certificate')) return [];
  return [
    {
      kind,
      name: file.at('name').name() ?? `${kind}.pdf`,
      mediaType: file.at('mediaType').name() ?? 'application/pdf',
      base64,
    },
  ];
}
