/** What happened, in a few words, for the page. */
import type { Language } from '../../rules/engine/basics/text';
import { capitalize, label } from '../words/labels';
import { formatDecimal, formatHours } from '../words/numbers';

const events: Record<string, Record<Language, string>> = {
  'year-started': { sv: 'Avtalsåret började', en: 'The agreement year began' },
  'year-closed': { sv: 'Avtalsåret avslutades', en: 'The agreement year was closed' },
  replanned: { sv: 'Planen räknades om', en: 'The plan was renewed' },
  'statement-corrected': { sv: 'Slutbesked om timbanken rättat', en: 'Final hour statement corrected' },
  'rolled-hours-lapsed': { sv: 'Överförda timmar upphörde', en: 'Rolled hours lapsed' },
  'taken-over': {
    sv: 'Avtalet togs över mitt i året; det som låg före är avslutat utan mejl',
    en: 'The agreement was taken over in mid-year; what lay before is closed without mails',
  },
  terminated: { sv: 'Avtalet upphörde', en: 'The agreement ended' },
  note: { sv: 'En anteckning togs tillbaka', en: 'A note was taken back' },
};

/** Of an approval that is closed by what the customer has said before. */
const holdsAgain = {
  sv: ', resultatet är åter det som godkändes',
  en: ', the results are again those that were approved',
};

/** Who sent it, as far as the message says. */
function byWhom(by: string, language: Language): string {
  if (!by.endsWith('(assumed)')) return label('sender', by, language);
  return language === 'sv' ? 'avsändare inte angiven' : 'no sender given';
}

/** A field's value in words, where it is a code. */
function named(signal: string, field: string, value: string, language: Language): string {
  if (field === 'obligation') return label('shortObligation', value, language);
  if (field === 'stillOwes') return `${language === 'sv' ? 'återstår' : 'still owed'}: ${value}`;
  if (field === 'decision') return label('overageDecision', value, language);
  if (field !== 'kind') return value;
  if (signal === 'hoursOrdered' || signal === 'hoursGiven') return label('givenKind', value, language);
  return label(signal === 'noteAdded' ? 'noteKind' : 'hourKind', value, language).toLowerCase();
}

/** Fields of a message's details that are shown, in this order. */
const telling = [
  'obligation',
  'integration',
  'module',
  'action',
  'improvement',
  'undone',
  'decision',
  'kind',
  'on',
  'at',
  'hours',
  'contact',
  'reason',
  'stillOwes',
];

/** A value as people read it: hours as elsewhere, other numbers with the language's decimal sign. */
function told(name: string, value: unknown, language: Language): string {
  if (typeof value !== 'number') return String(value);
  return name === 'hours' ? formatHours(value * 100, language) : formatDecimal(value, language);
}

/**
 * @param kind of the journal entry
 * @param ref what it is about
 * @example happened('phase', 'meeting-2', { state: 'done' }, 'sv') // 'Förvaltningsmöte 2: klart'
 */
export function happened(
  kind: string,
  ref: string,
  detail: Readonly<Record<string, unknown>>,
  language: Language,
): string {
  if (kind === 'rejected') return `${ref}: ${language === 'sv' ? 'avvisad' : 'rejected'}`;
  if (kind === 'phase') {
    const state = String(detail.state);
    const how =
      state === 'open' ? (language === 'sv' ? 'öppnat igen' : 'reopened') : label('closed', state, language);
    const again = detail.again === true ? holdsAgain[language] : '';
    return `${capitalize(label('obligation', ref, language))}: ${how}${again}`;
  }
  if (kind === 'agreement') return events[ref]?.[language] ?? ref;
  const said = telling.flatMap((name) => {
    const value = detail[name];
    // Who sent it is said once.
    if (value === undefined || value === null || (name === 'contact' && value === detail.by)) return [];
    return [named(ref, name, told(name, value, language), language)];
  });
  const repeat = detail.repeat === true ? [language === 'sv' ? 'upprepning' : 'repeat'] : [];
  const onPage =
    detail.onPage === true
      ? [language === 'sv' ? 'står på testsidan, inget mejl' : 'on the test page, no mail']
      : [];
  const by = typeof detail.by === 'string' ? ` (${byWhom(detail.by, language)})` : '';
  return `${[ref, [...said, ...onPage, ...repeat].join(', ')].filter((part) => part !== '').join(': ')}${by}`;
}
