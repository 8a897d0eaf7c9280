/** Prints a simulated agreement on a terminal. */
import type { Contract } from '../../rules/engine/contract/contract';
import { formatHours } from '../../templates/words/numbers';
import type { Simulation } from './simulate';

const hours = (amount: number): string => `${formatHours(Math.round(amount * 100), 'en')} h`;

/** The timeline, day by day, and how each year ended. */
export function printSimulation(simulation: Simulation, contract: Contract): string {
  const years = simulation.years.flatMap((story) => [
    '',
    `Year ${story.year}, ${story.from} to ${story.to}: ${story.outcome}`,
    `  hour bank: ${hours(story.hours.contracted)} contracted, ${hours(story.hours.rolledIn)} rolled in, ` +
      `${hours(story.hours.used)} used, ${hours(story.hours.overage)} beyond, ` +
      `${hours(story.hours.rolledOut)} rolled over, ${hours(story.hours.expired)} expired`,
    '',
    ...story.timeline.map(
      ({ at, kind, id, detail }) =>
        `  ${at.slice(0, 16).replace('T', ' ')}  ${kind.padEnd(8)}  ${id.padEnd(30)}  ${detail}`,
    ),
  ]);
  return [
    `${contract.agreement}: ${contract.customer.name}, level ${contract.level}`,
    ...years,
    '',
    `${simulation.historyEvents} history events, ruleset ${simulation.ruleset.slice(0, 8)}, played in ${simulation.wallSeconds} s`,
    ...(simulation.mails ? [`${simulation.mails.written} mails written to ${simulation.mails.folder}`] : []),
    ...(simulation.link ? [`Kept: ${simulation.link}`] : []),
  ].join('\n');
}
