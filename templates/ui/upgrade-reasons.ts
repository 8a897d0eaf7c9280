/** Why a message about the upgrade is not taken, and what the next meeting is told, in the words that people read. */
import type { Text } from '../../rules/engine/basics/text';
import { sentences } from '../../rules/engine/basics/sentences';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Part } from '../../rules/engine/upgrade/parts';
import { isSinglePart } from '../../rules/engine/upgrade/parts';
import { shortId } from '../../rules/engine/basics/short-id';
import type { PhaseNames } from '../words/labels';
import { capitalize, label } from '../words/labels';
import { confirm } from './reasons';

const both = (of: (language: 'sv' | 'en') => string): Text => ({ sv: of('sv'), en: of('en') });

/** What a part is called, with the field that tells it where that is not its id. */
function calledPart({ id, kind, words }: Part): Text {
  if (kind === 'check') return both((language) => `${id} (${words?.[language] ?? ''})`);
  if (kind === 'system')
    return both((language) => `versions: {"${id}": …} (${label('system', id, language)})`);
  if (kind === 'date')
    return { sv: 'on (dagen som kunden godtagit)', en: 'on (the day the customer agreed to)' };
  if (kind === 'session')
    return { sv: 'session (dagen då vi ledde testet)', en: 'session (the day we led the tests)' };
  if (kind === 'decision') return { sv: 'contact (den som godkänner)', en: 'contact (who approves)' };
  if (isSinglePart(kind)) return both((language) => `${id} (${label('part', kind, language)})`);
  return both(() => id);
}

const listed = (parts: readonly Part[]): Text =>
  both((language) => parts.map((part) => calledPart(part)[language]).join(', '));

const ifAllIsDone: Text = {
  sv: 'Är allt gjort, skicka "passed": "all" med det som fattas; annars acceptedBy och reason',
  en: 'If all is done, send "passed": "all" with what is missing; otherwise acceptedBy and reason',
};

/** The field of a message that names what is tested: a case or, in plans without cases, a module. */
export type TestField = 'case' | 'module';

interface FailedWords {
  tests?: TestField;
  /** Integrations that the monitoring has failed: why they work all the same has to be said. */
  monitored?: readonly string[];
}

/** Most parts that failed of which a refusal says what to send. */
const mostFailed = 3;

/**
 * What a refusal says of parts that failed: "all" is what nobody has said to fail.
 * @param words the field that names what is tested, and integrations that the monitoring has failed
 */
function waysOfFailed(
  id: string,
  failed: readonly Part[],
  { tests = 'module', monitored = [] }: FailedWords,
): Text[] {
  const passes = ({ kind, id: part }: Part): string => {
    const why = monitored.includes(part) ? ', "note": …' : '';
    if (kind === 'integration') return `integrationChecked {"integration": "${part}", "ok": true${why}}`;
    if (kind === 'module') return `customerTested {"${tests}": "${part}", "ok": true}`;
    const by = kind === 'smokeTested' ? ', "contact": …' : '';
    return `upgradePartChecked {"phase": "${shortId(id)}", "part": "${part}", "ok": true${by}}`;
  };
  const messages = failed.slice(0, mostFailed).map(passes).join(', ');
  return [
    {
      sv: `"all" räknar inte det som är underkänt. Fungerar det nu, skicka först ${messages}; godtar någon det som det är, skicka acceptedBy och reason`,
      en: `"all" does not count what failed. If it works now, first send ${messages}; if somebody accepts it as it is, send acceptedBy and reason`,
    },
  ];
}

/** What became of a shared installation. @param of the agreement in whose year it was said */
const togetherWords: Record<string, Record<'sv' | 'en', (of: string) => string>> = {
  planned: {
    sv: (of) => `${of} delar installationen och har kommit överens om dagen; den gäller här med`,
    en: (of) => `${of} shares the installation and has agreed on the day, which holds here, too`,
  },
  upgraded: {
    sv: (of) => `Installationen uppgraderades med ${of} innan det som kommer före var klart här`,
    en: (of) => `The installation was upgraded with ${of} before what precedes it was done here`,
  },
  rolledBack: {
    sv: (of) => `Installationen återställdes med ${of}`,
    en: (of) => `The installation was rolled back with ${of}`,
  },
  restored: {
    sv: (of) =>
      `Kundens ledning har låtit återställa systemet med ${of}, fast användarna arbetade i den nya versionen`,
    en: (of) =>
      `The customer's management had the system restored with ${of}, after people had worked in the new version`,
  },
  postponed: {
    sv: (of) => `${of} delar installationen och har skjutit upp uppgraderingen`,
    en: (of) => `${of} shares the installation and has postponed the upgrade`,
  },
  declined: {
    sv: (of) => `${of} delar installationen och avstår från uppgraderingen`,
    en: (of) => `${of} shares the installation and does without the upgrade`,
  },
  ownSystems: {
    sv: (of) => `Installationen uppgraderades med ${of}, men allt hör inte till den`,
    en: (of) => `The installation was upgraded with ${of}, but not all belongs to it`,
  },
  other: {
    sv: (of) => `${of} delar installationen och har tagit tillbaka ett steg i uppgraderingen; se efter här`,
    en: (of) => `${of} shares the installation and has taken back a step of the upgrade; look here, too`,
  },
};

export const upgradeReasons = {
  noMonitor: (integration: string, known: readonly string[]): Text =>
    joined(
      expectedFound(
        {
          sv: `en integration som har en kontroll i övervakningen (${known.join(', ') || '-'})`,
          en: `an integration that has a check of the monitoring (${known.join(', ') || '-'})`,
        },
        integration,
      ),
      { sv: '; säg själv hur den är, med ok', en: '; say yourself how it is, with ok' },
    ),
  monitorFailed: (integration: string, found: string): Text => ({
    sv: `övervakningen har underkänt ${integration} (${found}): säg i note varför den fungerar ändå, eller låt den kontrollera igen med byMonitor`,
    en: `the monitoring has failed ${integration} (${found}): say in note why it works all the same, or have it check again by byMonitor`,
  }),
  /** Parts by what they are called and the field that tells them. */
  listed,
  /** A part with its phase, as a mail tells of it. @param called what the contract calls it, if it is an integration */
  partOf: (obligation: string, part: Part, called: string | undefined, phaseNames?: PhaseNames): Text =>
    both((language) => {
      const phase = label('phase', shortId(obligation), language, phaseNames);
      const { id, kind, words } = part;
      const name = isSinglePart(kind)
        ? label('part', kind, language)
        : (called ?? label('module', id, language));
      return `${phase}, ${words?.[language] ?? name} (${id})`;
    }),
  failedParts: { sv: 'Underkänt', en: 'Failed' },
  phaseOwes: (
    id: string,
    failed: readonly Part[],
    unreported: readonly Part[],
    { phaseNames, ...words }: { phaseNames?: PhaseNames } & FailedWords = {},
  ): Text =>
    joined(
      both((language) => label('obligation', id, language, phaseNames)),
      { sv: ' kan inte avslutas. ', en: ' cannot be completed. ' },
      failed.length === 0 ? '' : joined({ sv: 'Underkänt: ', en: 'Failed: ' }, listed(failed), '. '),
      unreported.length === 0
        ? ''
        : joined({ sv: 'Inte rapporterat: ', en: 'Not reported: ' }, listed(unreported), '. '),
      ...(failed.length === 0 ? [ifAllIsDone] : waysOfFailed(id, failed, words)),
    ),
  resultsChanged: {
    sv: 'Något i resultatet har ändrats sedan det visades. Se det som gäller nu, och godkänn det',
    en: 'Something in the results has changed since they were shown. Look at what holds now, and approve that',
  },
  noPicture: (found: string): Text =>
    expectedFound(
      {
        sv: 'pictures: bildernas sha256, 64 hexadecimala siffror',
        en: 'pictures: their sha256, 64 hexadecimal digits',
      },
      found,
    ),
  notFailed: (id: string): Text => ({
    sv: `${id} är inte underkänt: det finns inget att testa igen`,
    en: `${id} has not failed: there is nothing to test again`,
  }),
  noAnswer: {
    sv: 'note: förväntade ett svar till den som testar, vad som är rättat eller varför det ska testas igen; kunden läser det',
    en: 'note: expected an answer to who tests, what is mended or why it is to be tested again; the customer reads it',
  },
  reportedMeanwhile: (id: string): Text => ({
    sv: `${id}: någon annan har rapporterat under tiden. Se vad de skrev, och skicka igen om ditt svar ändå ska gälla`,
    en: `${id}: somebody else has reported it meanwhile. Look at what they said, and send it again if yours is to hold`,
  }),
  saysMore: (id: string, on: string, phaseNames?: PhaseNames): Text =>
    joined(
      both((language) => label('obligation', id, language, phaseNames)),
      {
        sv: ` är redan klar (${on}); det nya kom inte med. Ta tillbaka den med stepUndone, eller rapportera delen med upgradePartChecked`,
        en: ` is completed already (${on}); what is new was not taken. Take it back with stepUndone, or report the part with upgradePartChecked`,
      },
    ),
  opensLater: (id: string, on: LocalDate, phaseNames?: PhaseNames): Text =>
    joined(
      both((language) => label('obligation', id, language, phaseNames)),
      {
        sv: ` öppnar ${on}, när månaden är slut; ska den avslutas ändå, skicka acceptedBy och reason`,
        en: ` opens on ${on}, when the month has ended; to complete it all the same, send acceptedBy and reason`,
      },
    ),
  managerEnds: (found: string): Text => ({
    sv: `acceptedBy: förväntade en chef, som avslutar utan kundens godkännande, hittade ${found}, som inte är det`,
    en: `acceptedBy: expected a manager, who ends it without the customer's approval, found ${found}, who is none`,
  }),
  noVersion: (id: string, found: string): Text =>
    joined(`${id}: `, expectedFound({ sv: 'en version som 18.0.2', en: 'a version as 18.0.2' }, found)),
  lowerVersion: (id: string, declared: string, found: string): Text => ({
    sv: `${id}: ${found} är lägre än dagens version ${declared}`,
    en: `${id}: ${found} is lower than today's version ${declared}`,
  }),
  sameVersion: (id: string, declared: string, target: string): Text => ({
    sv: `${id}: ${declared} är dagens version, och uppgraderingen går till ${target}`,
    en: `${id}: ${declared} is today's version, and the upgrade goes to ${target}`,
  }),
  newerVersion: (id: string, found: string, target: string): Text => ({
    sv: `${id}: uppgraderingen går till ${target}, inte ${found}`,
    en: `${id}: the upgrade goes to ${target}, not ${found}`,
  }),
  /** A version that is not what the upgrade goes to, and how somebody accepts it. */
  acceptVersion: (id: string, problem: Text): Text =>
    joined(problem, {
      sv: `; stämmer det, skicka samma sak med acceptedBy och reason (med upgradePhaseCompleted också "except": ["${id}"])`,
      en: `; if that is right, send the same with acceptedBy and reason (with upgradePhaseCompleted "except": ["${id}"], too)`,
    }),
  notAsked: (field: string): Text => ({
    sv: `${field}: fasen frågar inte efter det`,
    en: `${field}: the phase does not ask for it`,
  }),
  mayNotApprove: (approvers: readonly string[], found: string): Text =>
    joined(
      'contact: ',
      expectedFound(
        approvers.length > 0
          ? {
              sv: `en kontakt i ledningen eller en systemägare: ${approvers.join(', ')}`,
              en: `a contact of the management or a system owner: ${approvers.join(', ')}`,
            }
          : {
              sv: 'en kontakt i ledningen eller en systemägare; avtalet har ingen',
              en: 'a contact of the management or a system owner; the agreement has none',
            },
        found,
      ),
    ),
  sharedWindow: (others: readonly string[], day: LocalDate, found: string): Text => ({
    sv: `on: installationen delas med ${others.join(', ')} och uppgraderas i ett fönster, ${day}; hittade ${found}. En annan dag bestäms i utrullningens fil, med plan och apply`,
    en: `on: the installation is shared with ${others.join(', ')} and upgraded in one window, ${day}; found ${found}. Another day is decided in the campaign's file, with plan and apply`,
  }),
  sessionToCome: (at: string): Text => ({
    sv: `session: genomgången är bokad till ${at}, som inte har varit än`,
    en: `session: it is booked for ${at}, which is still to come`,
  }),
  dayPassed: (day: LocalDate): Text => ({
    sv: `on: ${day} har passerat`,
    en: `on: ${day} has passed`,
  }),
  dayClosed: (day: LocalDate): Text => ({
    sv: `on: ${day} är en helg eller helgdag, då ingen arbetar`,
    en: `on: ${day} is a weekend or a holiday, when nobody works`,
  }),
  noApprover: {
    sv: 'Ingen kontakt i avtalet har rollen system-owner (systemägare) eller management (ledning), så ingen hos kunden kan godkänna uppgraderingen på sin sida. Fråga kunden vem som ska godkänna, och ge den kontakten rollen med "serviceavtal change".',
    en: 'No contact of the agreement has the role system-owner or management, so nobody of the customer can approve the upgrade on their page. Ask the customer who is to approve it, and give that contact the role with "serviceavtal change".',
  },
  hostSilent: (host: string): Text => ({
    sv: `${host}, som är värd, har inte sagt ja till uppgraderingen (host.consent i installationens fil, och apply)`,
    en: `${host}, the host, has not said yes to the upgrade (host.consent in the file of the installation, and apply)`,
  }),
  beforeWindow: (from: string, began: string): Text => ({
    sv: `began: ${began} är före fönstret, som öppnar ${from}`,
    en: `began: ${began} is before the window, which opens ${from}`,
  }),
  beforeDay: (day: LocalDate, began: string): Text => ({
    sv: `began: ${began} är före dagen som kunden godtagit, ${day}`,
    en: `began: ${began} is before the day that the customer agreed to, ${day}`,
  }),
  versionWithdrawn: (system: string, version: string): Text => ({
    sv: `${label('system', system, 'sv')}: ${version} är indragen och ska inte installeras`,
    en: `${label('system', system, 'en')}: ${version} is withdrawn and is not to be installed`,
  }),
  replacesTime: (field: string, before: string, found: string): Text => ({
    sv: `${field}: ${before} är rapporterat; ${found} skulle ersätta det`,
    en: `${field}: ${before} is reported; ${found} would take its place`,
  }),
  /** What is likely to be a slip, one thing or several, and how it is said that all of it is right. */
  isRight: (questions: readonly Text[]): Text =>
    joined(
      both((language) => questions.map((question) => question[language]).join('; ')),
      confirm,
    ),
  sessionBefore: (day: LocalDate, on: LocalDate): Text => ({
    sv: `on: ${on} är före dagen för uppgraderingen, ${day}`,
    en: `on: ${on} is before the day of the upgrade, ${day}`,
  }),
  noSession: { sv: 'ingen testgenomgång är bokad', en: 'no test session is booked' },
  /** What people are told of an installation that another agreement's year speaks of. */
  together: (state: string, of: string, more: string): Text => {
    const say = togetherWords[state] ?? togetherWords.other!;
    const why = more === '' ? '' : `: ${more}`;
    return { sv: `${say.sv(of)}${why}`, en: `${say.en(of)}${why}` };
  },
  withdrawn: (of: {
    system: string;
    version: string;
    begun: boolean;
    /** The phase in which it went live: from then on it is not rolled back, but restored. */
    live?: string | undefined;
    reason: string;
    replacedBy?: string | undefined;
  }): Text =>
    both((language) => {
      const called = `${label('system', of.system, language)} ${of.version}`;
      const other =
        of.replacedBy === undefined
          ? []
          : [{ sv: `Ersätts av ${of.replacedBy}.`, en: `${of.replacedBy} takes its place.` }[language]];
      const said = {
        sv: of.begun
          ? of.live === undefined
            ? 'Bestäm: gå vidare som planerat, eller rulla tillbaka med upgradePhaseFailed och "then": "roll-back".'
            : 'Användarna arbetar i den. Bestäm med kunden: gå vidare som planerat, eller låt kundens ledning återställa systemet med upgradePhaseFailed, "then": "restore", contact, reason och lostSince.'
          : 'Uppgraderingen har inte börjat och väntar på en annan version.',
        en: of.begun
          ? of.live === undefined
            ? 'Decide: go on as planned, or roll back with upgradePhaseFailed and "then": "roll-back".'
            : 'People work in it. Decide with the customer: go on as planned, or their management has the system restored with upgradePhaseFailed, "then": "restore", contact, reason and lostSince.'
          : 'The upgrade has not begun and waits for another release.',
      }[language];
      const because = { sv: 'är indragen', en: 'is withdrawn' }[language];
      return sentences(`${called} ${because}: ${of.reason}`, ...other, said);
    }),
  upgradedWith: (of: string): Text => ({
    sv: `installationen uppgraderades med ${of} innan delen var rapporterad här`,
    en: `the installation was upgraded with ${of} before the part was reported here`,
  }),
  /** @param id the phase that owes it, of which the message has to tell */
  ownSystem: (id: string, system: string): Text =>
    both((language) => {
      const called = label('system', system, language);
      const message = `upgradePartChecked {"phase": "${shortId(id)}", "part": "${system}", "version": …}`;
      return language === 'sv'
        ? `${called} är avtalets eget; rapportera det med ${message}`
        : `${called} is the agreement's own; report it with ${message}`;
    }),
  phaseSays: (id: string, said: string, phaseNames?: PhaseNames): Text =>
    both((language) => `${capitalize(label('phase', shortId(id), language, phaseNames))}: ${said}`),
  goesBack: (id: string, isRolledBack: boolean, phaseNames?: PhaseNames): Text =>
    joined(
      isRolledBack
        ? { sv: 'Allt återställs och planeras på nytt, från ', en: 'All is restored and planned anew, from ' }
        : { sv: 'Uppgraderingen går tillbaka till ', en: 'The upgrade goes back to ' },
      both((language) => label('phase', shortId(id), language, phaseNames)),
    ),
  isRestored: (id: string, since: string, by: string): Text =>
    joined(
      {
        sv: `Kundens ledning (${by}) låter återställa systemet: det som gjorts sedan ${since} går förlorat. Planeras på nytt, från `,
        en: `The customer's management (${by}) has the system restored: what was done since ${since} is lost. Planned anew, from `,
      },
      both((language) => label('phase', shortId(id), language)),
    ),
  isLive: (id: string, choices: readonly string[]): Text =>
    joined(
      { sv: 'then: go är givet i ', en: 'then: go was given in ' },
      both((language) => label('phase', shortId(id), language)),
      {
        sv: ` och användarna arbetar i den nya versionen: den kan inte rullas tillbaka. Skicka ett av ${choices.join(', ')}; restore om kundens ledning vill återställa systemet, med contact, reason och lostSince`,
        en: ` and people work in the new version: it cannot be rolled back. Send one of ${choices.join(', ')}; restore if the customer's management wants the system restored, with contact, reason and lostSince`,
      },
    ),
  alreadyLive: {
    sv: 'den nya versionen är i drift; det som är fel rättas, eller så låter kundens ledning återställa systemet: upgradePhaseFailed med "then": "restore"',
    en: 'people work in the new version; what is wrong is mended, or the customer\'s management has the system restored: upgradePhaseFailed with "then": "restore"',
  },
  mayNotRestore: (may: readonly string[], found: string): Text =>
    joined(
      'contact: ',
      expectedFound(
        {
          sv: `den i kundens ledning som låter återställa: ${may.join(', ')}`,
          en: `who of the customer's management has it restored: ${may.join(', ')}`,
        },
        found,
      ),
    ),
  customerTakesRisk: (parts: readonly Part[], contacts: readonly string[], found: string): Text =>
    joined(
      'acceptedBy: ',
      expectedFound(
        joined(
          {
            sv: `den hos kunden som tar risken, ${contacts.join(', ')} (vi ansvarar inte för `,
            en: `who of the customer takes the risk, ${contacts.join(', ')} (we do not answer for `,
          },
          listed(parts),
          ')',
        ),
        found,
      ),
    ),
  noDay: {
    sv: 'ok: godtog kunden inte dagen, rapportera den dag som de godtar',
    en: 'ok: if the customer did not agree to the day, report the one that they agree to',
  },
  noGo: {
    sv: 'ok: blev det inget, skicka upgradePhaseFailed med "then": "roll-back" och reason',
    en: 'ok: if it came to nothing, send upgradePhaseFailed with "then": "roll-back" and reason',
  },
  timeBetween: (field: string, first: string, last: string, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: `en tidpunkt från ${first} till nu, ${last}`, en: `a time from ${first} until now, ${last}` },
        found,
      ),
    ),
  notAfter: (field: string, before: string, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        {
          sv: `en tidpunkt efter ${before}, då systemet stoppades`,
          en: `a time after ${before}, when the system was taken down`,
        },
        found,
      ),
    ),
  goBeforeUsers: (ended: string): Text => ({
    sv: `goAt: beslutet tas innan användarna släpps in (ended ${ended})`,
    en: `goAt: it is decided before people are let in (ended ${ended})`,
  }),
  onlyAgain: {
    sv: 'then: uppgraderingen började innan det gick att gå tillbaka; den görs om från där den är',
    en: 'then: the upgrade began before one could go back; it is tried again from where it is',
  },
  approved: {
    sv: 'uppgraderingen är redan godkänd',
    en: 'the upgrade is approved already',
  },
  isNewer: (system: string, version: string): Text =>
    both((language) => {
      const called = `${label('system', system, language)} ${version}`;
      return language === 'sv'
        ? `reglerna har en nyare version, ${called}; vill kunden vänta eller avstå, skicka upgradePostponed eller upgradeDeclined`
        : `the rules have a newer version, ${called}; if the customer waits or does without, send upgradePostponed or upgradeDeclined`;
    }),
  begun: (isLive: boolean): Text =>
    isLive
      ? upgradeReasons.alreadyLive
      : {
          sv: 'uppgraderingen har börjat; rulla tillbaka den med upgradePhaseFailed och "then": "roll-back" först',
          en: 'the upgrade has begun; roll it back with upgradePhaseFailed and "then": "roll-back" first',
        },
  notBegun: {
    sv: 'inget av uppgraderingen är gjort, så det finns inget att återställa. Vill kunden vänta, skicka upgradePostponed; avstår kunden, upgradeDeclined',
    en: 'nothing of the upgrade is done, so there is nothing to roll back. If the customer waits, send upgradePostponed; if they do without, upgradeDeclined',
  },
  yearToCome: (from: LocalDate): Text => ({
    sv: `avtalsåret börjar ${from} och inget av uppgraderingen är gjort: det finns inget som har gått fel`,
    en: `the agreement year begins on ${from} and nothing of the upgrade is done: nothing has gone wrong`,
  }),
  notUpgraded: {
    sv: 'integration: systemet är inte uppgraderat nu; partnern svarar när det är det',
    en: 'integration: the system is not upgraded now; the partner answers when it is',
  },
  /** What the next meeting is told of a decision. */
  forTheMeeting: (what: string, reason: string, on?: LocalDate): Text => {
    const until = on === undefined ? '' : ` ${on}`;
    if (what === 'postponed')
      return {
        sv: `Uppgraderingen är uppskjuten till${until}: ${reason}`,
        en: `The upgrade is postponed to${until}: ${reason}`,
      };
    if (what === 'declined')
      return { sv: `Ni avstod från uppgraderingen: ${reason}`, en: `You declined the upgrade: ${reason}` };
    return { sv: `Ingen nyare version i år: ${reason}`, en: `No newer version this year: ${reason}` };
  },
};
