/** A contract signed later under an agreement's number: what it changes in the agreement, and from which day. */
import { periodOf, yearNumberOn } from '../calendar/agreement-period';
import { later } from '../calendar/dates';
import { canonicalJson } from '../basics/canonical-json';
import type { ContractChange } from '../contract/change-contract';
import { applyContractChanges, assignContactIds, diffContract } from '../contract/change-contract';
import type { Contract, LocalDate, Person } from '../contract/contract';
import { toMinorUnits } from '../hours/price';
import type { SigningReason } from '../signing/signing';
import { addressKey } from '../basics/mail-address';
import { rightsOrgNumber } from '../basics/org-number';
import { expectedFound } from '../basics/text';
import type { Wording } from '../basics/text';

/** An approved amendment whose day has not come. */
export interface PendingChange {
  from: LocalDate;
  changes: ContractChange[];
}

/** An agreement as it stands when another contract is signed for it. */
export interface StandingAgreement {
  contract: Contract;
  /** In the order in which they take effect. */
  pending: readonly PendingChange[];
  ended: boolean;
}

export type JudgedAmendment =
  | { outcome: 'amendment'; contract: Contract; from: LocalDate; changes: ContractChange[] }
  | { outcome: 'unchanged' }
  | { outcome: 'unusable'; reasons: SigningReason[] };

/**
 * Judges a contract that was signed later. The agreement keeps its first day and its signing day; those of the new
 * document date the amendment. If its first day is that of another agreement year, it takes effect on that day unless
 * it names another.
 *
 * @param signed the contract, and the day from which it shall hold if the document names one
 */
export function judgeAmendedContract(
  standing: StandingAgreement,
  { contract: signed, from: said }: { contract: Contract; from?: LocalDate },
  today: LocalDate,
): JudgedAmendment {
  const { contract: inForce, ended } = standing;
  const { signedOn, startsOn } = inForce;
  const reasons = [
    ...(ended ? [endedReason(inForce)] : []),
    ...otherParties(inForce, signed),
    ...otherCurrency(inForce, signed),
    ...(isYearsFirstDay(startsOn, signed.startsOn, today)
      ? []
      : [noBoundary(startsOn, signed.startsOn, today)]),
  ];
  if (reasons.length > 0) return { outcome: 'unusable', reasons };
  const renews = signed.startsOn !== startsOn;
  const from = said ?? (renews ? signed.startsOn : later(signed.signedOn, today));
  const known = assignContactIds(contractThen(standing, later(from, today)));
  const contract = assignContactIds(
    { ...reachedAs(known, completedBy(known, signed)), signedOn, startsOn },
    known,
  );
  const changes = amendingChanges(standing, contract, from, today);
  return changes.length === 0 ? { outcome: 'unchanged' } : { outcome: 'amendment', contract, from, changes };
}

/**
 * A signed contract with what the agreement says of its invoices, its industry, and the modules and components of its systems, where
 * the document says nothing of it: few do.
 */
function completedBy({ customer, billTo, systems }: Contract, signed: Contract): Contract {
  const { number, reference, costCentre, industry } = customer;
  const told = Object.fromEntries(
    Object.entries({ number, reference, costCentre, industry }).filter(([, value]) => value !== undefined),
  );
  const installed = Object.entries(signed.systems).map(([id, said]) => {
    const { modules, components } = systems[id] ?? {};
    return [id, { ...(components && { components }), ...(modules && { modules }), ...said }];
  });
  return {
    ...(billTo && { billTo }),
    ...signed,
    customer: { ...told, ...signed.customer },
    systems: Object.fromEntries(installed) as Contract['systems'],
  };
}

/** A signed contract with the telephone numbers of those of ours who stay, where the document has none: few do. */
function reachedAs({ contacts }: Contract, signed: Contract): Contract {
  const withPhone = <P extends Person>(person: P, known: Person): P =>
    known.phone !== undefined && addressKey(known.email) === addressKey(person.email)
      ? { phone: known.phone, ...person }
      : person;
  const { consultant, manager, support } = signed.contacts;
  const ours = {
    consultant: withPhone(consultant, contacts.consultant),
    manager: withPhone(manager, contacts.manager),
    support: withPhone(support, contacts.support),
  };
  return { ...signed, contacts: { ...signed.contacts, ...ours } };
}

/** What a judged contract changes: the agreement as it is on that day, and amendments already signed for later days. */
export function amendingChanges(
  standing: StandingAgreement,
  contract: Contract,
  from: LocalDate,
  today: LocalDate,
): ContractChange[] {
  return differing(standing, later(from, today), () => contract);
}

/** What differs on the day, then what differs only from amendments signed for later days: those values are undone. */
function differing(
  standing: StandingAgreement,
  day: LocalDate,
  become: (contract: Contract) => Contract,
): ContractChange[] {
  const [then, last] = [contractThen(standing, day), contractThen(standing)];
  const changes = diffContract(then, become(then));
  const told = new Set(changes.map(({ path }) => path));
  return [...changes, ...diffContract(last, become(last)).filter(({ path }) => !told.has(path))];
}

/** The contract as it will be on a day; without a day, as it will be after all that is signed for later. */
export function contractThen({ contract, pending }: StandingAgreement, day?: LocalDate): Contract {
  return pending.reduce(
    (then, { from, changes }) =>
      day === undefined || from <= day
        ? applyContractChanges(then, day === undefined ? changes.filter(isSigned) : changes)
        : then,
    contract,
  );
}

/** Whether a change took a signature. Only another signature can undo such a change. */
export const isSigned = ({ allowed }: ContractChange): boolean => !allowed;

/** Whether two amendments ask for the same contract from the same day. */
export function sameAmendment(
  one: { contract: Contract; from: LocalDate },
  other: { contract: Contract; from: LocalDate },
): boolean {
  return one.from === other.from && canonicalJson(one.contract) === canonicalJson(other.contract);
}

function endedReason({ agreement }: Contract): SigningReason {
  return {
    about: 'contract.agreement',
    message: expectedFound(
      { sv: 'ett löpande avtal, eller ett nytt nummer', en: 'an agreement that runs, or a new number' },
      { sv: `${agreement}, som har upphört`, en: `${agreement}, which has ended` },
    ),
  };
}

function otherParties({ customer }: Contract, { customer: found }: Contract): SigningReason[] {
  return (['id', 'orgNumber'] as const).flatMap((key) =>
    found[key] === customer[key] || (key === 'orgNumber' && rightsOrgNumber(customer[key], found[key]))
      ? []
      : [
          {
            about: `contract.customer.${key}`,
            message: expectedFound(
              { sv: `avtalets kund, ${customer[key]}`, en: `the agreement's customer, ${customer[key]}` },
              found[key],
            ),
          },
        ],
  );
}

/** Refuses another currency: all prices and invoices of an agreement are in one. */
function otherCurrency({ hourBank }: Contract, { hourBank: found }: Contract): SigningReason[] {
  if (found.currency === hourBank.currency) return [];
  const expected: Wording = {
    sv: `avtalets valuta, ${hourBank.currency}, eller ett nytt nummer`,
    en: `the agreement's currency, ${hourBank.currency}, or a new number`,
  };
  return [{ about: 'contract.hourBank.currency', message: expectedFound(expected, found.currency) }];
}

function isYearsFirstDay(startsOn: LocalDate, found: LocalDate, today: LocalDate): boolean {
  if (found === startsOn) return true;
  const number = yearNumberOn(startsOn, found);
  return number >= yearNumberOn(startsOn, today) && periodOf(startsOn, number).from === found;
}

function noBoundary(startsOn: LocalDate, found: LocalDate, today: LocalDate): SigningReason {
  const { from, to } = periodOf(startsOn, yearNumberOn(startsOn, today));
  const days = [...new Set([startsOn, from, to])];
  return {
    about: 'contract.startsOn',
    message: expectedFound(
      {
        sv: `avtalets första dag eller ett avtalsårs (${days.join(', ')} eller ett senare års)`,
        en: `the agreement's first day or an agreement year's (${days.join(', ')} or a later year's)`,
      },
      found,
    ),
  };
}

/** One difference, as it stands now: the agreement may have changed since the document was judged. */
export interface AmendedValue extends ContractChange {
  /** The day on which it takes effect. */
  on: LocalDate;
  /** Hours that the running year's bank gets at once; a price, or fewer hours, that the next period begins with. */
  effect?: 'addedToBank' | 'nextPeriod';
  /** The agreement's value when the document was judged, if it has another now. */
  signedAgainst?: { value: unknown };
}

/**
 * What an amendment changes in the agreement as it stands, with the day each change takes effect. A value that the
 * document did not change keeps what it has now; a change that the agreement already has is left out.
 *
 * @param changes those found when the document was judged
 */
export function amendedValues(
  standing: StandingAgreement,
  changes: readonly ContractChange[],
  from: LocalDate,
  today: LocalDate,
): AmendedValue[] {
  const { startsOn } = standing.contract;
  const at = later(from, today);
  const period = periodOf(startsOn, pricedYear(startsOn, from, today)).from;
  return differing(standing, at, (contract) => applyContractChanges(contract, changes)).map((change) => {
    const judged = changes.find(({ path }) => path === change.path);
    const overtaken = judged !== undefined && canonicalJson([judged.from]) !== canonicalJson([change.from]);
    return {
      ...change,
      ...effectOf(change, at, period, at >= startsOn),
      ...(overtaken && { signedAgainst: { value: judged.from } }),
    };
  });
}

function effectOf(
  { path, from, to }: ContractChange,
  at: LocalDate,
  period: LocalDate,
  begun: boolean,
): Pick<AmendedValue, 'on' | 'effect'> {
  const inPeriod = begun && period > at;
  if (path === 'hourBank.hourlyRate' || path === 'hourBank.discountPercent')
    return { on: period, ...(inPeriod && { effect: 'nextPeriod' }) };
  if (path !== 'hourBank.hours' || !inPeriod) return { on: at };
  return Number(to) > Number(from) ? { on: at, effect: 'addedToBank' } : { on: period, effect: 'nextPeriod' };
}

/**
 * The first agreement year to which a price signed for `from` applies: a year that has begun keeps its price.
 *
 * @param today when it is approved
 */
export function pricedYear(startsOn: LocalDate, from: LocalDate, today: LocalDate): number {
  let year = yearNumberOn(startsOn, later(from, today));
  while (periodOf(startsOn, year).from < from || periodOf(startsOn, year).from <= today) year += 1;
  return year;
}

/** The new price per hour that the amended contract fixes, in minor units; nothing if the price does not change. */
export function signedRate(changes: readonly ContractChange[]): number | undefined {
  const to = changes.find(({ path }) => path === 'hourBank.hourlyRate')?.to;
  return typeof to === 'number' ? toMinorUnits(to) : undefined;
}
