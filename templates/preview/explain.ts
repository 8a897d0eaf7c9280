/** Says where an agreement's terms come from, value by value. Pure. */
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { ExplainedValue, MetCondition, SaidValue } from '../../rules/engine/terms/explain-terms';
import type { Facts, FactValue } from '../../rules/engine/ruleset/facts';
import type { TermChange } from '../../rules/engine/terms/running-terms';
import { termAt } from '../../rules/engine/ruleset/term-catalogue';
import { showValue } from './document';

/** What `explain` tells about an agreement on one day. */
export interface Explanation {
  agreement: string;
  customer: string;
  on: LocalDate;
  yearNumber: number;
  rulesetHash: string;
  facts: Facts;
  values: ExplainedValue[];
  /** What the running year holds on to until its end: `from` holds, `to` is what the rules say. */
  kept: TermChange[];
  periodEnds: LocalDate;
}

const words = {
  sv: {
    title: ({ agreement, customer, on, yearNumber, rulesetHash }: Explanation) =>
      `${agreement}, ${customer}: villkor ${on} (avtalsår ${yearNumber}) enligt regler ${rulesetHash.slice(0, 8)}`,
    facts: 'fakta',
    contract: 'fast i avtalet',
    because: 'för att',
    instead: 'i stället för',
    kept: (value: string, until: string) => `det löpande året håller kvar ${value} till ${until}`,
    not: 'inte',
    operators: {
      in: 'är en av',
      notIn: 'är ingen av',
      contains: 'innehåller',
      doesNotContain: 'innehåller inte',
    },
  },
  en: {
    title: ({ agreement, customer, on, yearNumber, rulesetHash }: Explanation) =>
      `${agreement}, ${customer}: terms on ${on} (agreement year ${yearNumber}) by ruleset ${rulesetHash.slice(0, 8)}`,
    facts: 'facts',
    contract: 'fixed in the contract',
    because: 'because',
    instead: 'instead of',
    kept: (value: string, until: string) => `the running year keeps ${value} until ${until}`,
    not: 'not',
    operators: {
      in: 'is one of',
      notIn: 'is none of',
      contains: 'contains',
      doesNotContain: 'does not contain',
    },
  },
};

const symbols: Record<string, string> = {
  equal: '=',
  notEqual: '≠',
  lessThan: '<',
  lessThanInclusive: '≤',
  greaterThan: '>',
  greaterThanInclusive: '≥',
};

/** The explanation for a terminal. */
export function explanationText(explanation: Explanation, language: Language): string {
  const { facts, values, kept, periodEnds } = explanation;
  const say = words[language];
  const lines = [say.title(explanation), '', `  ${say.facts}`];
  for (const [name, value] of Object.entries(facts))
    lines.push(`    ${name.padEnd(18)} ${found(value, language)}`);
  let topic = '';
  for (const { path, because, instead, ...said } of values) {
    const [first = ''] = path.split('.');
    if (first !== topic) lines.push('', `  ${first}: ${termAt([first])?.about?.[language] ?? ''}`);
    topic = first;
    lines.push(`    ${path.slice(first.length + 1)} = ${showValue(said.value, language)}`);
    const why = because.map((one) => condition(one, language)).join(', ');
    lines.push(`        ${origin(said, language)}${why === '' ? '' : `, ${say.because} ${why}`}`);
    for (const other of instead)
      lines.push(`        ${say.instead} ${showValue(other.value, language)}: ${origin(other, language)}`);
    const keptValue = kept.find((one) => one.path === path);
    if (keptValue) lines.push(`        ! ${say.kept(showValue(keptValue.from, language), periodEnds)}`);
  }
  return lines.join('\n');
}

function origin({ place, rule, priority }: SaidValue, language: Language): string {
  return place === undefined ? words[language].contract : `${place} "${rule ?? ''}" (${priority ?? ''})`;
}

function condition(
  { fact, operator, value, found: given, negated }: MetCondition,
  language: Language,
): string {
  const say = words[language];
  const comparison = symbols[operator] ?? say.operators[operator as keyof typeof say.operators];
  const asked = `${comparison} ${showValue(value, language)}`;
  const text =
    operator === 'equal' && !negated ? `${fact} ${asked}` : `${fact} ${found(given, language)} ${asked}`;
  return negated ? `${say.not} (${text})` : text;
}

const found = (value: FactValue, language: Language): string => showValue(value, language);
