/**
 * What people write where an id is expected: names as they stand on the page, in Swedish or English. Names of persons are
 * in no history: `Strangers` are looked up outside.
 */
import type { Named } from '../../rules/engine/basics/which-is-meant';
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Text } from '../../rules/engine/basics/text';
import { contactRoles, parties } from '../../rules/engine/contract/contract';
import type { Strand } from '../../rules/engine/plan/plan';
import { reasons } from '../../templates/ui/reasons';
import type { LabelKind } from '../../templates/ui/spoken';
import { alsoCalled, labels } from '../../templates/ui/spoken';
import type { Fields } from '../messages/fields';
import { noteKinds } from '../messages/note-kinds';
import { runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

const labelled = (kind: LabelKind, codes: readonly string[]): Named[] =>
  codes.map((id) => ({ id, names: labels(kind, id) }));
const called = (codes: readonly string[]): Named[] =>
  codes.map((id) => ({ id, names: alsoCalled[id] ?? [] }));

const obligations = (year: Year, strand: Strand, kind?: LabelKind): Named[] =>
  year.obligations(strand).map(({ id }) => ({
    id: shortId(id),
    names: [
      id,
      ...labels('obligation', id),
      ...labels('shortObligation', id),
      ...(kind ? labels(kind, shortId(id)) : []),
      ...Object.values(year.phaseNames[shortId(id)] ?? {}),
    ],
  }));

const integrations = (year: Year): Named[] =>
  year.plan.ids.integrations.map((id) => ({ id, names: [year.plan.called?.integrations[id] ?? id] }));

const monitors = (year: Year): Named[] =>
  year.plan.ids.monitors.map((id) => ({ id, names: [year.plan.called?.monitors?.[id] ?? id] }));

/** What the customer tests: systems, integrations, and cases by their words. */
function tested(year: Year): Named[] {
  const cases = year
    .obligations('upgrade')
    .flatMap(({ id }) => runningPhase(year, id)?.parts ?? [])
    .flatMap(({ kind, id, words }) =>
      kind === 'module' && words ? [{ id, names: Object.values(words) }] : [],
    );
  const processes = cases.flatMap(({ id }) => (id.includes('.') ? [id.slice(0, id.lastIndexOf('.'))] : []));
  return [
    ...[...new Set(processes)].map((id) => ({ id, names: [] })),
    ...cases,
    ...integrations(year),
    ...labelled('system', year.plan.ids.modules),
    ...called(['all']),
  ];
}

/** Fields that name something, and what can be meant. */
const nameable: Record<string, (year: Year) => Named[]> = {
  meeting: (year) => obligations(year, 'meetings'),
  phase: (year) => obligations(year, 'upgrade', 'phase'),
  step: (year) => obligations(year, 'start', 'step'),
  kind: () => called(noteKinds),
  decision: () => called(['yes', 'no']),
  integration: integrations,
  module: tested,
  case: tested,
  monitor: (year) => [...monitors(year), ...called(['all'])],
  action: ({ state }) =>
    Object.entries(state.actions).flatMap(([id, { what, done }]) => (done ? [] : [{ id, names: [what] }])),
  improvement: ({ state }) =>
    Object.entries(state.improvements).map(([id, { title }]) => ({ id, names: [title] })),
  code: ({ state }) => labelled('attention', [...new Set(state.attention.map(({ code }) => code))]),
  subject: ({ state }) =>
    labelled('shortObligation', [...new Set(state.attention.map(({ subject }) => subject))]),
};

/** Fields that name one person. */
export const ofPersons = ['contact', 'orderedBy', 'smokeTested', 'go', 'acceptedBy'] as const;

/** Contacts by their roles, and the parties. */
function people(year: Year): Named[] {
  const { ids, called: names } = year.plan;
  const contacts = ids.contacts.map((id) => ({
    id,
    names: contactRoles
      .filter((role) => names?.roles[id]?.includes(role))
      .flatMap((role) => labels('contactRole', role)),
  }));
  return [
    ...contacts,
    ...parties.map((id) => ({ id, names: [...labels('party', id), ...(alsoCalled[id] ?? [])] })),
  ];
}

/** Ids of the people that names stand for, by name: none, one, or several. */
export type FoundPeople = Readonly<Record<string, readonly string[]>>;

export type Understood =
  | { fields: Fields }
  /** What is ambiguous, to be asked about. */
  | { rejected: Text }
  /** Names that only the contacts in PostgreSQL can tell. */
  | { strangers: string[] };

/**
 * The fields of a message with ids where somebody wrote names.
 * @param found what was looked up
 * @param persons the fields that name one person
 * @returns nothing if there is nothing to understand
 */
export function understand(
  year: Year,
  fields: Fields,
  found: FoundPeople = {},
  persons: readonly string[] = ofPersons,
): Understood | undefined {
  const meant: Record<string, string> = {};
  const ambiguous: Text[] = [];
  const strangers: string[] = [];
  const read = (field: string, given: string, choices: Named[], others?: FoundPeople): string => {
    const ids = whichIsMeant(given, choices);
    const all = ids.length > 0 ? ids : (others?.[given] ?? []);
    if (all.length > 1) ambiguous.push(reasons.ambiguous(field, all, given));
    if (all.length === 0 && others && !Object.hasOwn(others, given)) strangers.push(given);
    return all.length === 1 ? (all[0] ?? given) : given;
  };
  for (const [field, choices] of Object.entries(nameable)) {
    const given = fields.text(field);
    if (given === undefined) continue;
    const id = read(field, given, choices(year));
    if (id !== given) meant[field] = id;
  }
  const person = (field: string, given: string): string => read(field, given, people(year), found);
  for (const field of persons) {
    const given = fields.text(field);
    if (given !== undefined) meant[field] = person(field, given);
    if (meant[field] === given) delete meant[field];
  }
  const participants = fields.texts('participants').map((given) => person('participants', given));
  const actions = fields.actions('actions').map(({ owner, ...action }, index) => ({
    ...action,
    ...(owner === undefined ? {} : { owner: person(`actions[${index}].owner`, owner) }),
  }));
  const [first] = ambiguous;
  if (first) return { rejected: first };
  if (strangers.length > 0) return { strangers: [...new Set(strangers)] };
  const same = JSON.stringify([fields.texts('participants'), fields.actions('actions')]);
  if (Object.keys(meant).length === 0 && JSON.stringify([participants, actions]) === same) return undefined;
  return {
    fields: {
      ...fields,
      text: (name) => meant[name] ?? fields.text(name),
      texts: (name) => (name === 'participants' ? participants : fields.texts(name)),
      actions: (name) => (name === 'actions' ? actions : fields.actions(name)),
    },
  };
}
