/**
 * The facts that rule conditions may ask about: one catalogue. The schema of the rule files, the completion in an
 * editor and `docs/terms-reference.md` are made from it.
 */
import type { Contract, LocalDate } from '../contract/contract';
import type { Text } from '../basics/text';

/** The type of a fact's values. It decides which operators may compare it, and with what. */
export type FactType = 'id' | 'choice' | 'date' | 'count' | 'hours' | 'list';

export interface Fact {
  type: FactType;
  /** Only for `choice`: all its values. */
  values?: readonly string[];
  about: Text;
  /** Its value for one agreement on one day. */
  of: (contract: Contract, yearNumber: number, date: LocalDate) => FactValue;
}

export type FactValue = string | number | string[];

const catalogue = {
  level: {
    type: 'id',
    about: { sv: 'Avtalets nivå, till exempel guld', en: "The agreement's level, such as guld" },
    of: ({ level }) => level,
  },
  customer: {
    type: 'id',
    about: { sv: 'Kundens id, som i avtalet', en: "The customer's id, as in the contract" },
    of: ({ customer }) => customer.id,
  },
  agreement: {
    type: 'id',
    about: { sv: 'Avtalets nummer', en: "The agreement's number" },
    of: ({ agreement }) => agreement,
  },
  language: {
    type: 'choice',
    values: ['sv', 'en'],
    about: { sv: 'Kundens språk', en: "The customer's language" },
    of: ({ customer }) => customer.language,
  },
  currency: {
    type: 'id',
    about: {
      sv: 'Avtalets valuta med små bokstäver, till exempel sek',
      en: "The agreement's currency in small letters, such as sek",
    },
    of: ({ hourBank }) => hourBank.currency.toLowerCase(),
  },
  date: {
    type: 'date',
    about: {
      sv: 'Dagen villkoren gäller; från och med (greaterThanInclusive), till (lessThan, dagen själv inte med)',
      en: 'The day the terms are for; from and with (greaterThanInclusive), up to (lessThan, the day itself not included)',
    },
    of: (_contract, _yearNumber, date) => date,
  },
  yearNumber: {
    type: 'count',
    about: { sv: 'Avtalsårets nummer, 1 är det första', en: 'Number of the agreement year, 1 is the first' },
    of: (_contract, yearNumber) => yearNumber,
  },
  contractedHours: {
    type: 'hours',
    about: { sv: 'Timbankens avtalade timmar per år', en: 'Contracted hours of the hour bank a year' },
    of: ({ hourBank }) => hourBank.hours,
  },
  integrationCount: {
    type: 'count',
    about: { sv: 'Antal integrationer i avtalet', en: 'Number of integrations in the contract' },
    of: ({ integrations }) => integrations.length,
  },
  integrations: {
    type: 'list',
    about: { sv: 'Integrationernas id', en: 'Ids of the integrations' },
    of: ({ integrations }) => integrations.map(({ id }) => id).sort(),
  },
  systems: {
    type: 'list',
    about: {
      sv: 'Systemens id, till exempel visma-business',
      en: 'Ids of the systems, such as visma-business',
    },
    of: ({ systems }) => Object.keys(systems).sort(),
  },
  systemVersions: {
    type: 'list',
    about: {
      sv: 'System med version, till exempel "visma-business 17.0"',
      en: 'Systems with their version, such as "visma-business 17.0"',
    },
    of: ({ systems }) =>
      Object.entries(systems)
        .map(([id, { version }]) => `${id} ${version}`)
        .sort(),
  },
  monitorKinds: {
    type: 'list',
    about: {
      sv: 'Slag av övervakning i avtalet, till exempel http',
      en: 'Kinds of monitors in the contract, such as http',
    },
    of: ({ monitors }) => [...new Set(monitors.map(({ kind }) => kind))].sort(),
  },
} satisfies Record<string, Fact>;

export type FactName = keyof typeof catalogue;

/** The values of all facts. They are not nested, so that a missing fact is an error and not `undefined`. */
export type Facts = { [N in FactName]: ReturnType<(typeof catalogue)[N]['of']> };

export const factCatalogue: Record<FactName, Fact> = catalogue;

export const factNames = Object.keys(factCatalogue) as FactName[];

/** The operators that may compare a fact of each type; all are json-rules-engine's own. */
export const operatorsByType: Record<FactType, readonly string[]> = {
  id: ['equal', 'notEqual', 'in', 'notIn'],
  choice: ['equal', 'notEqual', 'in', 'notIn'],
  // Half-open: from a day, up to a day.
  date: ['greaterThanInclusive', 'lessThan'],
  count: [
    'equal',
    'notEqual',
    'in',
    'notIn',
    'lessThan',
    'lessThanInclusive',
    'greaterThan',
    'greaterThanInclusive',
  ],
  hours: [
    'equal',
    'notEqual',
    'in',
    'notIn',
    'lessThan',
    'lessThanInclusive',
    'greaterThan',
    'greaterThanInclusive',
  ],
  list: ['contains', 'doesNotContain'],
};

/**
 * The facts of one agreement on one day.
 *
 * @param date the day the terms are for, within the year or its first day
 */
export function factsFor(contract: Contract, yearNumber: number, date: LocalDate): Facts {
  return Object.fromEntries(
    factNames.map((name) => [name, factCatalogue[name].of(contract, yearNumber, date)]),
  ) as Facts;
}
