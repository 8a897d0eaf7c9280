/** DocuSign Connect: JSON messages sent one by one ("Send Individual Messages", data model REST v2.1). */
import type { Place, ReadForm } from './payload';
import type { EnclosedFile, Signer, SigningField, SigningOutcome } from './signing';

/**
 * Reads a Connect message. The event says what happened, the summary the envelope's status when the message was made.
 * Only the event decides the outcome: after a purge the summary still says "completed". If the event says completed and
 * the summary does not, the document waits for a person.
 */
export const readDocusign: ReadForm = (payload) => {
  const event = payload.at('event').required({
    sv: 'en händelse som envelope-completed',
    en: 'an event as envelope-completed',
  });
  const data = payload.at('data');
  const summary = data.at('envelopeSummary');
  const summaryId = summary.at('envelopeId').name();
  const document = data.at('envelopeId').isNothing()
    ? summaryId
    : data.at('envelopeId').required({ sv: 'kuvertets id', en: "the envelope's id" });
  if (document === undefined && data.at('envelopeId').isNothing())
    data.at('envelopeId').expect({ sv: 'kuvertets id', en: "the envelope's id" });
  const status = summary.at('status').name()?.toLowerCase();
  const outcome = outcomeOf(event?.toLowerCase(), summary.at('voidedReason').name());
  if (outcome === 'completed' && status !== 'completed') summary.at('status').expect('"completed"');
  const title = summary.at('emailSubject').name();
  const completedAt = summary.at('completedDateTime').instant();
  const recipients = summary
    .at('recipients')
    .members()
    // Members that are no lists are counts and the like.
    .flatMap(({ place }) => (Array.isArray(place.value) ? place.items() : []));
  const fields = [
    ...recipients.flatMap((recipient) => tabFields(recipient.at('tabs'))),
    ...customFields(summary),
  ];
  const signers = ['signers', 'inPersonSigners'].flatMap((kind) =>
    summary.at('recipients').at(kind).items().map(signerOf),
  );
  const files = summary.at('envelopeDocuments').items().flatMap(enclosed);
  if (event === undefined || document === undefined) return undefined;
  return {
    document,
    outcome,
    status: event,
    ...(title === undefined ? {} : { title }),
    ...(completedAt === undefined || outcome !== 'completed' ? {} : { completedAt }),
    fields,
    signers,
    files,
  };
};

/** The outcome of an event. DocuSign has none for an envelope that expired: it voids it, with that reason. */
function outcomeOf(event: string | undefined, voidedReason = ''): SigningOutcome {
  if (event === 'envelope-completed') return 'completed';
  if (event === 'envelope-declined') return 'declined';
  if (event === 'envelope-voided')
    return /^envelope has expired\b/i.test(voidedReason) ? 'expired' : 'voided';
  return 'other';
}

/**
 * The fields that a recipient filled in. Every kind of tab is a list of its own; most tabs have a label and a value. A
 * checkbox gives whether it is ticked, a group of radio buttons which one is.
 */
function tabFields(tabs: Place): SigningField[] {
  return tabs.members().flatMap(({ name: kind, place }) => {
    if (!Array.isArray(place.value)) return [];
    return place.items().flatMap((tab) => {
      if (kind === 'radioGroupTabs') return radioField(tab);
      const name = tab.at('tabLabel').name();
      const value = tab.at(kind === 'checkboxTabs' ? 'selected' : 'value').text();
      // A tab for the signature has a label only.
      if (name === undefined || (value === undefined && !valued.has(kind))) return [];
      return [{ name, value: value ?? '' }];
    });
  });
}

/** Kinds of tab that come without a value when they are empty. */
const valued = new Set([
  'textTabs',
  'numberTabs',
  'numericalTabs',
  'dateTabs',
  'emailTabs',
  'listTabs',
  'checkboxTabs',
]);

function radioField(tab: Place): SigningField[] {
  const name = tab.at('groupName').name();
  const chosen = tab
    .at('radios')
    .items()
    .find((radio) => radio.at('selected').text()?.toLowerCase() === 'true');
  return name === undefined ? [] : [{ name, value: chosen?.at('value').text() ?? '' }];
}

function customFields(summary: Place): SigningField[] {
  const custom = summary.at('customFields');
  return ['textCustomFields', 'listCustomFields'].flatMap((kind) =>
    custom
      .at(kind)
      .items()
      .flatMap((field) => {
        const name = field.at('name').name();
        return name === undefined ? [] : [{ name, value: field.at('value').text() ?? '' }];
      }),
  );
}

function signerOf(recipient: Place): Signer {
  const signedAt = recipient.at('signedDateTime').instant();
  return {
    name: recipient.at('signerName').name() ?? recipient.at('name').name() ?? '',
    email: recipient.at('signerEmail').name() ?? recipient.at('email').name() ?? '',
    ...(signedAt === undefined ? {} : { signedAt }),
  };
}

/** The signed documents and the certificate, if DocuSign is configured to send them along. */
function enclosed(document: Place): EnclosedFile[] {
  const base64 = document.at('PDFBytes').base64();
  const isCertificate =
    document.at('documentId').name()?.toLowerCase() === 'certificate' ||
    document.at('type').name()?.toLowerCase() === 'summary';
  const name = document.at('name').name() ?? (isCertificate ? 'certificate' : 'contract');
  return base64 === undefined
    ? []
    : [
        {
          kind: isCertificate ? 'certificate' : 'contract',
          name: /\.pdf$/i.test(name) ? name : `${name}.pdf`,
          mediaType: 'application/pdf',
          base64,
        },
      ];
}
