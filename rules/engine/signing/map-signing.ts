/** The contract that a signed document gives. */
import type { LocalDate } from '../contract/contract';
import { contractForm } from '../contract/contract-form';
import type { WrittenContract } from '../contract/contract-form';
import { contractFaults, readContract } from '../contract/read-contract';
import type { Fit } from '../contract/read-contract';
import { hasCheckDigit, readOrgNumber } from '../basics/org-number';
import { expectedFound, inBoth, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { ContractPlace } from './contract-places';
import { isRecord, itemPlace, kindAt, memberPlace, wholeContract } from './contract-places';
import { convert, expectedOfKind, toYesNo } from './convert';
import { isOfCounterpart, withCustomer } from './counterparts';
import type { Kind } from './convert';
import { fold } from '../basics/patterns';
import { find, meets, nameOf } from './document-values';
import { isLookup, withoutWhen } from './lookup';
import type { When } from './lookup';
import type { Lookup, MappedSigning, NotOurs, SigningMapping, Source } from './mapping';
import { isObject, shown } from './payload';
import type { Read, SigningDocument, SigningReason } from './signing';
import { unstorable } from './unstorable';

type Path = readonly (string | number)[];

/** What is collected while a mapping is walked through. */
interface Tour {
  document: SigningDocument;
  fit: Fit;
  reasons: SigningReason[];
  /** Paths of the contract that have a reason: errors by the schema about them are left out. */
  said: Path[];
  /** The source of each value, by its path in the contract. */
  sources: { path: Path; source: Source }[];
}

/** Marks a place of the contract that stays empty. */
const left = Symbol('left out');

/**
 * Makes a contract from a document, or gives all reasons why it cannot: each names the place in the contract, the
 * document's field, what was expected there and what was found.
 *
 * @param mapping read and checked
 * @param fit what the contract has to fit if it begins an agreement
 * @returns `notOurs` for a document that does not meet the mapping's conditions
 */
export function mapSigning(
  mapping: SigningMapping,
  document: SigningDocument,
  fit: Fit = {},
): Read<MappedSigning> | NotOurs {
  for (const condition of mapping.document?.when ?? []) {
    const met = meets(document, condition);
    if (met !== true) return { notOurs: met };
  }
  const { document: ofCustomer, unclear } = withCustomer(mapping, document);
  const tour: Tour = { document: ofCustomer, fit, reasons: [], said: [], sources: [] };
  if (unclear) tour.reasons.push({ about: 'contract.customer', message: unclear });
  const contract =
    document.contract === undefined ? mapped(mapping, tour) : enclosed(document.contract, tour);
  const from = fromOf(mapping, tour);
  if (tour.reasons.length > 0 || contract === undefined) return { reasons: tour.reasons };
  return { value: { contract, ...(from === undefined ? {} : { from }) } };
}

/** Texts of a document that are organisation numbers but for their check digit: an agreement may have been signed so. */
export function doubtfulOrgNumbers({ fields, contract }: SigningDocument): string[] {
  const customer = isObject(contract) && isObject(contract.customer) ? contract.customer : {};
  return [...fields.map(({ value }) => value), customer.orgNumber].flatMap((text) => {
    const number = typeof text === 'string' ? readOrgNumber(text) : undefined;
    return number === undefined || hasCheckDigit(number) ? [] : [number];
  });
}

/** The contract that a delivery's body itself holds: it needs no mapping. */
function enclosed(contract: unknown, tour: Tour): MappedSigning['contract'] | undefined {
  const wrong = unstorable(contract);
  if (wrong !== undefined) {
    tour.reasons.push({ about: 'contract', message: wrong });
    return undefined;
  }
  const read = readContract(JSON.stringify(contract, null, 2), 'contract', tour.fit);
  if (read.contract !== undefined) return read.contract;
  const { $schema: _, ...bare } = isObject(contract) ? contract : {};
  judge(isObject(contract) ? bare : contract, tour);
  // The schema finds nothing wrong, so it is how the text is written: a number of too many digits.
  if (tour.reasons.length === 0)
    tour.reasons.push(
      ...read.findings.map((each) => ({
        about: 'contract',
        message: { sv: each.messageSv, en: each.message },
      })),
    );
  return undefined;
}

function mapped(mapping: SigningMapping, tour: Tour): MappedSigning['contract'] | undefined {
  const value = build(mapping.contract, wholeContract, ['contract'], tour);
  judge(value, tour);
  if (tour.reasons.length > 0) return undefined;
  return contractForm(value as WrittenContract);
}

/** Adds reasons for what is wrong with the whole contract, except at places that have one. */
function judge(contract: unknown, { fit, reasons, said, sources }: Tour): void {
  for (const { path, missing, message } of contractFaults(contract, fit)) {
    const about = ['contract', ...path, ...(missing === undefined ? [] : [missing])];
    if (said.some((each) => isWithin(about, each))) continue;
    const from = sources.findLast((each) => isWithin(about, each.path));
    const stands = from === undefined ? '' : joined(' (', nameOf(from.source), ')');
    reasons.push({ ...aboutOf(about), message: joined(message, stands) });
  }
}

const isWithin = (path: readonly (string | number)[], outer: Path): boolean =>
  outer.every((part, index) => String(part) === String(path[index]));

/** A path as findings write it: `contract.contacts.customer[0].email`. */
function aboutOf(path: Path): { about?: string } {
  const name = path.map((part) => (/^\d+$/.test(String(part)) ? `[${part}]` : `.${part}`)).join('');
  return name === '' ? {} : { about: name.replace(/^\./, '') };
}

/** The contract's value for a part of the mapping. */
function build(part: unknown, place: ContractPlace | undefined, path: Path, tour: Tour): unknown {
  if (isLookup(part)) return look(part, place === undefined ? 'text' : kindAt(place), path, tour);
  if (Array.isArray(part)) return buildList(part, place && itemPlace(place), path, tour);
  if (!isObject(part)) return part;
  const members = Object.entries(part).flatMap(([name, member]) => {
    const inner = place && memberPlace(place, name);
    if (place !== undefined && isRecord(place) && isLeftOut(member, [...path, name], tour)) return [];
    const value = build(bare(member), inner, [...path, name], tour);
    return value === left ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}

function buildList(
  items: readonly unknown[],
  place: ContractPlace | undefined,
  path: Path,
  tour: Tour,
): unknown[] {
  const list: unknown[] = [];
  for (const item of items) {
    const at = [...path, list.length];
    if (isLeftOut(item, at, tour)) continue;
    const value = build(bare(item), place, at, tour);
    // An item that could not be read leaves a `null`, so that the indexes in later reasons are right.
    if (value !== left) list.push(value);
    else if (tour.said.some((each) => isWithin(at, each))) list.push(null);
  }
  return list;
}

const bare = (part: unknown): unknown => (isObject(part) && !isLookup(part) ? withoutWhen(part) : part);

/** Whether an item's `when` leaves it out: its field is missing, empty, or says no. */
function isLeftOut(item: unknown, path: Path, tour: Tour): boolean {
  const when = isObject(item) && !isLookup(item) ? (item as { when?: When }).when : undefined;
  if (when === undefined) return false;
  const condition = typeof when === 'string' ? { field: when } : when;
  const found = find(tour.document, condition);
  if ('wrong' in found) {
    say(tour, path, condition, found.wrong);
    return true;
  }
  if ('is' in condition) return meets(tour.document, condition) !== true;
  return !('text' in found) || toYesNo(found.text) === false;
}

/** The value of a lookup. If it has none, the reason is added. */
function look(lookup: Lookup, kind: Kind, path: Path, tour: Tour): unknown {
  const found = find(tour.document, lookup);
  if ('wrong' in found) return say(tour, path, lookup, found.wrong);
  if ('nothing' in found) {
    if (lookup.default !== undefined) return structuredClone(lookup.default);
    return lookup.optional === true ? left : say(tour, path, lookup, found.nothing);
  }
  tour.sources.push({ path, source: lookup });
  if (lookup.choices !== undefined) {
    const labels = Object.keys(lookup.choices);
    const label = labels.find((each) => fold(each) === fold(found.text));
    if (label !== undefined) return structuredClone(lookup.choices[label]);
    const expected = joined({ sv: 'ett av ', en: 'one of ' }, labels.map((each) => `"${each}"`).join(', '));
    return say(tour, path, lookup, expectedFound(expected, shown(found.text)));
  }
  const as = lookup.as ?? kind;
  const value = convert(as, found.text, lookup.units);
  return value === undefined
    ? say(tour, path, lookup, expectedFound(expectedOfKind(as, lookup.units ?? []), shown(found.text)))
    : value;
}

function say(tour: Tour, path: Path, source: Source, message: Text): typeof left {
  tour.said.push(path);
  // Where no company signs, that is told once for the customer, not of each of its fields.
  if (tour.document.privatePerson && 'field' in source && isOfCounterpart(source.field)) return left;
  tour.reasons.push({ ...aboutOf(path), message: joined(message, ' (', nameOf(source), ')') });
  return left;
}

/** The day from which an amendment shall hold. Most documents name none: they begin an agreement. */
function fromOf({ from }: SigningMapping, tour: Tour): LocalDate | undefined {
  if (from === undefined) return undefined;
  const found = find(tour.document, from);
  if ('nothing' in found) return undefined;
  const date = look({ ...from, as: 'date' }, 'date', ['from'], tour);
  return typeof date === 'string' ? date : undefined;
}

/** A reason as one line: `contract.hourBank.hours: expected …, found …`. */
export function formatReason({ about, message }: SigningReason): Text {
  return about === undefined ? message : joined(inBoth(`${about}: `), message);
}
