/** `serviceavtal upgrades`: where the upgrade of every customer stands, what it waits for, and what is at risk. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import { readUpgrades } from '../../activities/years/upgrades';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Language } from '../../rules/engine/basics/text';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { UpgradeOfAgreement, UpgradeStanding } from '../../rules/engine/upgrade/portfolio';
import { documentHtml } from '../../templates/documents/html';
import { portfolioDocument } from '../../templates/portfolio';
import { htmlDrawing, textDrawing } from '../../templates/preview/draw';
import {
  lostLine,
  phaseAndDays,
  riskLines,
  standingWord,
  waitsFor,
} from '../../templates/ui/upgrade-standing';
import { windowLines } from '../../templates/words/upgrade-window';
import { formatTime } from '../../templates/words/dates';
import { label } from '../../templates/words/labels';
import { spoken } from '../basics/spoken';
import { readConfiguration, showsColours } from '../settings/configuration';
import { withStack } from '../processes/with-stack';
import { checkConsultant } from './check-consultant';
import { languageOption } from './findings-output';
import { below } from './help-words';
import { asJson, say } from './terminal';
import { calendarsInForce, drawCalendars } from './upgrades/calendar';

const said = {
  sv: {
    none: 'Inget avtal har någon uppgradering i sitt löpande år.',
    noneOf: (release: string) => `Ingen uppgradering går till ${release}.`,
    done: (done: number, phases: number) => `(${done} av ${phases} faser klara)`,
    until: (day: string) => `till ${day}`,
    attempt: (number: number) => `försök ${number}`,
    ofYear: (year: number) => `från avtalsår ${year}`,
    oneForm: 'förväntade --json eller --html, hittade båda',
  },
  en: {
    none: 'No agreement has an upgrade in its running year.',
    noneOf: (release: string) => `No upgrade goes to ${release}.`,
    done: (done: number, phases: number) => `(${done} of ${phases} phases done)`,
    until: (day: string) => `until ${day}`,
    attempt: (number: number) => `attempt ${number}`,
    ofYear: (year: number) => `of agreement year ${year}`,
    oneForm: 'expected --json or --html, found both',
  },
} as const;

/** Standings that call for somebody. */
const loud: readonly UpgradeStanding[] = ['overdue', 'failed'];

/** An upgrade in a few lines: who, how it stands, the phase that is on, versions and what is at risk. */
export function printUpgrade(one: UpgradeOfAgreement, today: LocalDate, language: Language): string {
  const words = said[language];
  const { customer, agreement, consultant, standing, attempt, ofYear, year, phase, since, dueOn } = one;
  const versions = one.systems.flatMap(({ id, from, to }) =>
    to === undefined ? [] : [`${label('system', id, language)} ${from} → ${to}`],
  );
  const stands = standingWord(standing, language);
  const more = [
    ...(ofYear === year ? [] : [words.ofYear(ofYear)]),
    ...(attempt > 1 ? [words.attempt(attempt)] : []),
  ];
  const on =
    phase === undefined || since === undefined || standing === 'postponed'
      ? []
      : [
          `${phaseAndDays(one.phaseName ?? phase, localDateOf(since), today, language)} ${words.done(one.done, one.phases)}`,
          ...(one.waitsFor !== undefined && dueOn !== undefined
            ? [waitsFor(one.waitsFor, dueOn, language)]
            : []),
        ];
  const lines = [
    `${customer} (${agreement}, ${consultant}): ${[loud.includes(standing) ? stands.toUpperCase() : stands, ...more].join(', ')}`,
    ...on,
    ...(versions.length > 0 ? [versions.join(', ')] : []),
    ...windowLines(one, language),
    ...(one.until !== undefined && standing === 'postponed' ? [words.until(one.until)] : []),
    ...(one.reason !== undefined ? [one.reason] : []),
    ...(one.lostSince === undefined
      ? []
      : [lostLine(`${localDateOf(one.lostSince)} ${formatTime(one.lostSince)}`, language)]),
    ...riskLines(one.risks, today, language),
  ];
  return lines.join('\n  ');
}

interface UpgradesOptions {
  release?: string;
  consultant?: string;
  calendar?: boolean;
  campaign?: string;
  json?: boolean;
  html?: boolean;
}

export function registerUpgrades(program: Command): void {
  program
    .command('upgrades')
    .description(
      'where the upgrade of every customer stands: phase, days in it, whom it waits for, what is at risk',
    )
    .option('--release <version>', 'only those that go to this version')
    .option(
      '--consultant <id>',
      "only the agreements of this consultant: the contract's contacts.consultant.id",
    )
    .addOption(
      new Option(
        '--calendar',
        'the calendars of campaigns in force: whose system goes down when, and who is there',
      ).conflicts(['release', 'consultant']),
    )
    .addOption(
      new Option('--campaign <id>', 'only the calendar of this campaign').implies({ calendar: true }),
    )
    .option('--html', 'one page to send to somebody')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(
        undefined,
        'upgrades --release 18.00.0 --consultant konsult-1',
        'upgrades --html > upgrades.html',
        'upgrades --campaign vartur-2027 --html > calendar.html',
      ),
    )
    .action(upgradesAction);
}

async function upgradesAction(options: UpgradesOptions): Promise<void> {
  const { release, consultant, json, html } = options;
  const language = spoken();
  const words = said[language];
  if (json && html) throw new Error(words.oneForm);
  await withStack(readConfiguration(), async ({ db }) => {
    const now = new Date().toISOString();
    if (options.calendar) return sayCalendars(db, options, now, language);
    if (consultant !== undefined) await checkConsultant(db, consultant);
    const all = await readUpgrades(db, now, consultant);
    const shown = all.filter(
      ({ systems }) => release === undefined || systems.some(({ to }) => to === release),
    );
    if (json) return void say(asJson(shown));
    if (html) return void say(documentHtml(portfolioDocument(shown, { release, consultant }, now, language)));
    if (shown.length === 0) return void say(release === undefined ? words.none : words.noneOf(release));
    for (const one of shown) say(printUpgrade(one, localDateOf(now), language));
  });
}

async function sayCalendars(
  db: Db,
  { campaign, json, html }: UpgradesOptions,
  now: Instant,
  language: Language,
): Promise<void> {
  const campaigns = await calendarsInForce(db, now, campaign);
  if (json) return void say(asJson(campaigns.map(({ calendar }) => calendar)));
  const drawing = html ? htmlDrawing(language) : textDrawing(showsColours(process.stdout));
  say(drawCalendars(campaigns, drawing, now, language).trimEnd());
}
