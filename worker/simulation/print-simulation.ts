/** Prints a simulated agreement on a terminal. */
import { counted } from '../../rules/engine/basics/counted';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { formatHours } from '../../templates/words/numbers';
import type { Simulation } from './simulate';
import type { YearStory } from './timeline';

const hoursIn =
  (language: Language) =>
  (amount: number): string =>
    `${formatHours(Math.round(amount * 100), language)} h`;

const words = {
  sv: {
    year: ({ year, from, to }: YearStory, outcome: string) => `År ${year}, ${from} till ${to}: ${outcome}`,
    outcomes: {
      running: 'pågår',
      fulfilled: 'uppfyllt',
      unfulfilled: 'inte uppfyllt',
      terminated: 'uppsagt',
    } as Record<string, string>,
    bank: ({ hours: all }: YearStory, shown = hoursIn('sv')) =>
      `timbank: ${shown(all.contracted)} avtalade, ${shown(all.rolledIn)} överförda från förra året, ` +
      `${shown(all.used)} använda, ${shown(all.overage)} utöver, ` +
      `${shown(all.rolledOut)} förs över, ${shown(all.expired)} upphör`,
    kinds: { signal: 'signal', phase: 'fas', hours: 'timmar', decision: 'beslut', mail: 'mejl' },
    level: 'nivå',
    played: (events: number, ruleset: string, seconds: number) =>
      `${counted(events, ['händelse', 'händelser'])} i historiken, regelverk ${ruleset}, spelat på ${seconds} s`,
    written: (count: number, folder: string) => `${count} mejl skrevs till ${folder}`,
    kept: 'Finns kvar',
  },
  en: {
    year: ({ year, from, to }: YearStory, outcome: string) => `Year ${year}, ${from} to ${to}: ${outcome}`,
    outcomes: {} as Record<string, string>,
    bank: ({ hours: all }: YearStory, shown = hoursIn('en')) =>
      `hour bank: ${shown(all.contracted)} contracted, ${shown(all.rolledIn)} rolled in, ` +
      `${shown(all.used)} used, ${shown(all.overage)} beyond, ` +
      `${shown(all.rolledOut)} rolled over, ${shown(all.expired)} expired`,
    kinds: { signal: 'signal', phase: 'phase', hours: 'hours', decision: 'decision', mail: 'mail' },
    level: 'level',
    played: (events: number, ruleset: string, seconds: number) =>
      `${counted(events, ['history event', 'history events'])}, ruleset ${ruleset}, played in ${seconds} s`,
    written: (count: number, folder: string) => `${counted(count, ['mail', 'mails'])} written to ${folder}`,
    kept: 'Kept',
  },
} as const;

/** The timeline, day by day, and how each year ended. */
export function printSimulation(simulation: Simulation, contract: Contract, language: Language): string {
  const said = words[language];
  const years = simulation.years.flatMap((story) => [
    '',
    said.year(story, said.outcomes[story.outcome] ?? story.outcome),
    `  ${said.bank(story)}`,
    '',
    ...story.timeline.map(
      ({ at, kind, id, detail }) =>
        `  ${at.slice(0, 16).replace('T', ' ')}  ${said.kinds[kind].padEnd(8)}  ${id.padEnd(30)}  ${detail}`,
    ),
  ]);
  return [
    `${contract.agreement}: ${contract.customer.name}, ${said.level} ${contract.level}`,
    ...years,
    '',
    said.played(simulation.historyEvents, simulation.ruleset.slice(0, 8), simulation.wallSeconds),
    ...(simulation.mails ? [said.written(simulation.mails.written, simulation.mails.folder)] : []),
    ...(simulation.link ? [`${said.kept}: ${simulation.link}`] : []),
  ].join('\n');
}
