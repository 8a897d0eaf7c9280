/** The upgrades of all customers as a page to send to somebody: who stands where, since when, and what is at risk. Pure. */
import { localDateOf } from '../rules/engine/calendar/calendar';
import { counted } from '../rules/engine/basics/counted';
import type { Language } from '../rules/engine/basics/text';
import type { Instant, LocalDate } from '../rules/engine/contract/contract';
import type { UpgradeOfAgreement, UpgradeRisk, UpgradeStanding } from '../rules/engine/upgrade/portfolio';
import type { Cell, PrintedDocument, Section } from './documents/document';
import { formatShortDate, formatTime } from './words/dates';
import { capitalize, label } from './words/labels';
import { lostLine, phaseAndDays, riskLines, standingWord } from './ui/upgrade-standing';
import { windowLines } from './words/upgrade-window';

const words = {
  sv: {
    heading: 'Uppgraderingarna',
    product: 'Serviceavtal',
    all: 'Alla kunder',
    toRelease: (release: string) => `Till ${release}`,
    asOf: 'Per',
    consultant: 'Konsult',
    columns: ['Kund', 'Fas', 'Väntar på', 'Versioner', 'Risk'],
    sections: {
      attention: 'Behöver någon nu',
      running: 'Pågår',
      coming: 'Kommer',
      ended: 'Klara eller avslutade',
    },
    done: (done: number, phases: number) => `${done} av ${phases} faser klara`,
    dueBy: (day: string) => `senast ${day}`,
    until: (day: string) => `till ${day}`,
    attempt: (number: number) => `försök ${number}`,
    ofYear: (year: number) => `från avtalsår ${year}`,
    upgrades: ['uppgradering', 'uppgraderingar'],
    page: (page: number, of: number) => `Sida ${page} av ${of}`,
  },
  en: {
    heading: 'The upgrades',
    product: 'Service agreements',
    all: 'All customers',
    toRelease: (release: string) => `To ${release}`,
    asOf: 'As of',
    consultant: 'Consultant',
    columns: ['Customer', 'Phase', 'Waits for', 'Versions', 'Risk'],
    sections: {
      attention: 'Needs somebody now',
      running: 'Under way',
      coming: 'To come',
      ended: 'Done or ended',
    },
    done: (done: number, phases: number) => `${done} of ${phases} phases done`,
    dueBy: (day: string) => `due ${day}`,
    until: (day: string) => `until ${day}`,
    attempt: (number: number) => `attempt ${number}`,
    ofYear: (year: number) => `of agreement year ${year}`,
    upgrades: ['upgrade', 'upgrades'],
    page: (page: number, of: number) => `Page ${page} of ${of}`,
  },
} as const;

type Place = keyof (typeof words)['sv']['sections'];

const placeOf: Record<UpgradeStanding, Place> = {
  ...({ failed: 'attention', overdue: 'attention', missed: 'attention' } as const),
  ...({ running: 'running', coming: 'coming', postponed: 'coming' } as const),
  ...({ approved: 'ended', ended: 'ended', declined: 'ended', noRelease: 'ended' } as const),
};

const pressing: readonly UpgradeRisk['kind'][] = ['failed', 'overdue', 'partnerSilent', 'withdrawn'];

const isPressing = ({ kind }: UpgradeRisk): boolean => pressing.includes(kind);

/** Where an upgrade is listed: whatever needs somebody comes first. */
const listedAt = ({ standing, risks }: UpgradeOfAgreement): Place =>
  risks.some(isPressing) ? 'attention' : placeOf[standing];

/**
 * Puts the upgrades on a page.
 * @param chosen what they were chosen by, if they are not all
 */
export function portfolioDocument(
  upgrades: readonly UpgradeOfAgreement[],
  chosen: { release?: string | undefined; consultant?: string | undefined },
  now: Instant,
  language: Language,
): PrintedDocument {
  const say = words[language];
  const today = localDateOf(now);
  const { release, consultant } = chosen;
  const places = Object.keys(say.sections) as Place[];
  const listed = places.map((place) => ({ place, all: upgrades.filter((one) => listedAt(one) === place) }));
  const customer = release === undefined ? say.all : say.toRelease(release);
  return {
    ...{ language, asOf: now, product: say.product, heading: say.heading, customer },
    title: `${say.heading}, ${today}`,
    facts: [
      { label: say.asOf, value: formatShortDate(today, language) },
      ...(consultant === undefined ? [] : [{ label: say.consultant, value: consultant }]),
      ...listed.map(({ place, all }) => ({
        label: say.sections[place],
        value: counted(all.length, say.upgrades),
      })),
    ],
    sections: listed.flatMap(({ place, all }): Section[] => {
      if (all.length === 0) return [];
      const columns = say.columns.map((title, index) => ({
        title,
        share: [22, 20, 17, 17, 24][index] ?? 20,
      }));
      const rows = all.map((one) => rowOf(one, today, language));
      const title = say.sections[place];
      return [{ id: place, title, blocks: [{ kind: 'table', caption: title, columns, rows }] }];
    }),
    footer: `${say.heading} · ${today}`,
    page: say.page,
  };
}

function rowOf(one: UpgradeOfAgreement, today: LocalDate, language: Language): Cell[] {
  const say = words[language];
  const { standing, attempt, ofYear, year, phase, since, dueOn, risks } = one;
  const short = (on: LocalDate): string => formatShortDate(on, language);
  const how = [
    standingWord(standing, language),
    ...(standing === 'postponed' && one.until !== undefined ? [say.until(short(one.until))] : []),
    ...(ofYear === year ? [] : [say.ofYear(ofYear)]),
    ...(attempt > 1 ? [say.attempt(attempt)] : []),
  ].join(', ');
  const isOn = phase !== undefined && since !== undefined && standing !== 'postponed';
  const versions = one.systems.map(({ id, from, to }) =>
    [`${label('system', id, language)} ${from}`, ...(to === undefined ? [] : [to])].join(' → '),
  );
  const lines = (all: readonly UpgradeRisk[]): string[] =>
    riskLines(all, today, language, short).map(capitalize);
  const pressed = lines(risks.filter(isPressing));
  const noted = [
    ...lines(risks.filter((risk) => !isPressing(risk))),
    ...(one.reason === undefined ? [] : [one.reason]),
    ...(one.lostSince === undefined
      ? []
      : [capitalize(lostLine(`${short(one.lostSince)} ${formatTime(one.lostSince)}`, language))]),
  ];
  const done = say.done(one.done, one.phases);
  return [
    { text: one.customer, note: `${one.agreement}, ${one.consultant}`, strong: true },
    isOn
      ? {
          text: capitalize(phaseAndDays(one.phaseName ?? phase, localDateOf(since), today, language)),
          note: `${capitalize(how)} · ${done}`,
        }
      : { text: capitalize(how), note: done },
    isOn && one.waitsFor !== undefined && dueOn !== undefined
      ? { text: capitalize(label('party', one.waitsFor, language)), note: say.dueBy(short(dueOn)) }
      : { text: '' },
    { text: [...versions, ...windowLines(one, language).map(capitalize)].join('\n') },
    pressed.length === 0
      ? { text: noted.join('\n') }
      : { text: pressed.join('\n'), tone: 'bad', ...(noted.length > 0 && { note: noted.join('\n') }) },
  ];
}
