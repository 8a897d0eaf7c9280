/** `serviceavtal upgrades`: where the upgrade of every customer stands, what it waits for, and what is at risk. */
import type { Command } from 'commander';
import { readUpgrades } from '../../activities/years/upgrades';
import type { UpgradeOfAgreement, UpgradeStanding } from '../../activities/years/upgrades';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { daysBetween } from '../../rules/engine/calendar/dates';
import { counted } from '../../rules/engine/basics/counted';
import type { Language } from '../../rules/engine/basics/text';
import { formatMinute } from '../../templates/words/dates';
import { label } from '../../templates/words/labels';
import { spoken } from '../basics/spoken';
import { readConfiguration } from '../settings/configuration';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';
import { checkConsultant } from './views';
import { below } from './help-words';
import { asJson, say } from './terminal';

const said = {
  sv: {
    none: 'Inget avtal har någon uppgradering i sitt löpande år.',
    noneOf: (release: string) => `Ingen uppgradering går till ${release}.`,
    standing: {
      coming: 'kommande',
      running: 'pågår',
      overdue: 'FÖRSENAD',
      failed: 'UNDERKÄND DEL',
      postponed: 'uppskjuten',
      declined: 'avböjd av kunden',
      noRelease: 'ingen nyare version',
      approved: 'godkänd',
      ended: 'avslutad utan kundens godkännande',
      missed: 'blev inte av',
    } satisfies Record<UpgradeStanding, string>,
    phase: (phase: string, days: number, done: number, phases: number) =>
      `${phase}, ${days < 0 ? `om ${counted(-days, ['dag', 'dagar'])}` : counted(days, ['dag', 'dagar'])} (${done} av ${phases} faser klara)`,
    waits: (who: string, dueOn: string) => `väntar på ${who}, senast ${dueOn}`,
    until: (day: string) => `till ${day}`,
    failed: (parts: string) => `underkänt: ${parts}`,
    accepted: (parts: string) => `godtaget som det är: ${parts}`,
    lostSince: (time: string) => `systemet återställt: det som gjorts sedan ${time} är förlorat`,
    attempt: (number: number) => `försök ${number}`,
    ofYear: (year: number) => `från avtalsår ${year}`,
  },
  en: {
    none: 'No agreement has an upgrade in its running year.',
    noneOf: (release: string) => `No upgrade goes to ${release}.`,
    standing: {
      coming: 'to come',
      running: 'under way',
      overdue: 'OVERDUE',
      failed: 'A PART FAILED',
      postponed: 'postponed',
      declined: 'declined by the customer',
      noRelease: 'no newer version',
      approved: 'approved',
      ended: "ended without the customer's approval",
      missed: 'not carried out',
    } satisfies Record<UpgradeStanding, string>,
    phase: (phase: string, days: number, done: number, phases: number) =>
      `${phase}, ${days < 0 ? `in ${counted(-days, ['day', 'days'])}` : counted(days, ['day', 'days'])} (${done} of ${phases} phases done)`,
    waits: (who: string, dueOn: string) => `waits for ${who}, due ${dueOn}`,
    until: (day: string) => `until ${day}`,
    failed: (parts: string) => `failed: ${parts}`,
    accepted: (parts: string) => `accepted as it is: ${parts}`,
    lostSince: (time: string) => `the system restored: what was done since ${time} is lost`,
    attempt: (number: number) => `attempt ${number}`,
    ofYear: (year: number) => `of agreement year ${year}`,
  },
} as const;

/** An upgrade in a few lines: who, how it stands, the phase that is on, versions and what is at risk. */
export function printUpgrade(one: UpgradeOfAgreement, today: string, language: Language): string {
  const words = said[language];
  const { customer, agreement, consultant, standing, attempt, ofYear, year, phase, since, waitsFor, dueOn } =
    one;
  const versions = one.systems.flatMap(({ id, from, to }) =>
    to === undefined ? [] : [`${label('system', id, language)} ${from} → ${to}`],
  );
  const risk = [
    ...(one.until !== undefined && standing === 'postponed' ? [words.until(one.until)] : []),
    ...(one.lostSince !== undefined ? [words.lostSince(formatMinute(one.lostSince))] : []),
    ...(one.reason !== undefined ? [one.reason] : []),
    ...(one.failed.length > 0 ? [words.failed(one.failed.join(', '))] : []),
    ...(one.accepted.length > 0 ? [words.accepted(one.accepted.join(', '))] : []),
  ];
  const more = [
    ...(ofYear === year ? [] : [words.ofYear(ofYear)]),
    ...(attempt > 1 ? [words.attempt(attempt)] : []),
  ];
  const lines = [
    `${customer} (${agreement}, ${consultant}): ${[words.standing[standing], ...more].join(', ')}`,
    ...(phase !== undefined && since !== undefined && standing !== 'postponed'
      ? [
          words.phase(
            label('phase', phase, language),
            daysBetween(localDateOf(since), today),
            one.done,
            one.phases,
          ),
          ...(waitsFor !== undefined && dueOn !== undefined
            ? [words.waits(label('party', waitsFor, language), dueOn)]
            : []),
        ]
      : []),
    ...(versions.length > 0 ? [versions.join(', ')] : []),
    ...risk,
  ];
  return lines.join('\n  ');
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
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'upgrades --release 18.00.0 --consultant konsult-1'))
    .action(async (options: { release?: string; consultant?: string; json?: boolean }) => {
      const { release, consultant, json } = options;
      await withStack(readConfiguration(), async ({ db }) => {
        if (consultant !== undefined) await checkConsultant(db, consultant);
        const now = new Date().toISOString();
        const all = await readUpgrades(db, now, consultant);
        const shown = all.filter(
          ({ systems }) => release === undefined || systems.some(({ to }) => to === release),
        );
        if (json) return void say(asJson(shown));
        const language = spoken();
        if (shown.length === 0)
          return void say(release === undefined ? said[language].none : said[language].noneOf(release));
        for (const one of shown) say(printUpgrade(one, localDateOf(now), language));
      });
    });
}
