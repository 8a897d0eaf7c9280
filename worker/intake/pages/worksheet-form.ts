/** Reads the worksheet's form: which messages say what was filled in. What of it holds, the workflow decides. */
import type { PageMessage } from '../../../activities/pages/tell';
import type { Worksheet, WorksheetPart, WorksheetPhase } from '../../../activities/pages/worksheet';
import type { Problem } from '../../../templates/pages/render-page';
import { worksheetSays as says } from '../../../templates/pages/worksheet-words';
import { fill } from '../../../templates/pages/wording';
import { formatMinute } from '../../../templates/words/dates';
import type { Visit } from './page';
import type { Form } from './read-form';
import { nameOfPart, passes } from './worksheet-parts';

type SheetVisit = Visit<Worksheet>;
export type Judged = { problems: Problem[] } | { details: { updates: PageMessage[] } };

/** Whether a value is asked of a part: what a partner says comes from its own page. */
export const isAsked = (part: Pick<WorksheetPart, 'kind'>): boolean =>
  !passes(part) && part.kind !== 'support';
export const hasVersion = ({ kind }: Pick<WorksheetPart, 'kind'>): boolean =>
  kind === 'system' || kind === 'integration';

/** Names of a part's fields in the form. */
export const fieldOf = {
  result: ({ id }: Pick<WorksheetPart, 'id'>): string => `result-${id}`,
  version: ({ id }: Pick<WorksheetPart, 'id'>): string => `version-${id}`,
  note: ({ id }: Pick<WorksheetPart, 'id'>): string => `note-${id}`,
};

/** Fields in messages that are called otherwise than the part, or more than one. */
const messageFields: Partial<Record<string, readonly string[]>> = {
  date: ['on'],
  decision: ['contact'],
  go: ['go', 'goAt'],
};
/** The fields in which a message gives the value of a part that neither passes nor fails; they have the same names in the form. */
export const valuesOf = ({ kind }: Pick<WorksheetPart, 'kind'>): readonly string[] =>
  messageFields[kind] ?? [kind];

/** The same in a message about the part alone. Who approves is said with the phase, which that completes. */
const partFields: Partial<Record<string, readonly string[]>> = {
  ...{ date: ['on'], session: ['on'], began: ['at'], ended: ['at'] },
  ...{ smokeTested: ['contact'], go: ['contact', 'at'] },
};

/** Whether a part can be reported by itself. */
export const isReportable = (part: Pick<WorksheetPart, 'kind'>): boolean =>
  passes(part) || partFields[part.kind] !== undefined;

/** The value that is kept of such a part. */
export const keptValue = ({ kind, result }: WorksheetPart): string | undefined =>
  /^(decision|go|smokeTested)$/.test(kind) ? result?.contact : (keptTime(result) ?? result?.on);

/** When it was, as a form's field takes it. */
export const keptTime = (result: WorksheetPart['result']): string | undefined =>
  result?.time === undefined ? undefined : formatMinute(result.time).replace(' ', 'T');

/** The fields of the form besides the parts', with their most characters. */
const others = {
  ...{ phase: 200, all: 3, acceptedBy: 80, reason: 500, note: 500 },
  ...{ confirmed: 3, failReason: 500, then: 200, restoredBy: 80, lostSince: 40 },
};

/** All fields that the form can have, with their most characters. */
export function fieldsOfSheet({ phases }: Worksheet): Record<string, number> {
  const parts = phases.flatMap((phase) => phase.parts);
  const ofParts = parts.flatMap((part): [string, number][] =>
    passes(part)
      ? [
          [fieldOf.result(part), 10],
          [fieldOf.version(part), 80],
          [fieldOf.note(part), 500],
        ]
      : isAsked(part)
        ? valuesOf(part).map((name) => [name, 200])
        : [],
  );
  return { ...Object.fromEntries(ofParts), ...others };
}

/** The phase that a form is about; the one that is on where it names none. */
export const phaseOfForm = ({ phases, on }: Worksheet, form: Form): WorksheetPhase | undefined =>
  form.phase === undefined ? on : phases.find(({ id }) => id === form.phase);

/** What the form says of a part that passes or fails. */
interface Said {
  part: WorksheetPart;
  ok?: boolean;
  version?: string;
  note?: string;
  /** The monitoring is to check it now. */
  asks?: true;
  /** It says something else than what is kept. */
  isNew: boolean;
}

function readPart(part: WorksheetPart, form: Form): Said {
  const given = form[fieldOf.result(part)];
  if (given === 'ask' && part.monitors) return { part, asks: true, isNew: true };
  const counted = form.all === 'yes' && given !== 'failed' ? 'passed' : given;
  const ok = counted === 'passed' ? true : counted === 'failed' ? false : undefined;
  const version = hasVersion(part) ? form[fieldOf.version(part)] : undefined;
  const note = form[fieldOf.note(part)];
  const { result } = part;
  const isSame =
    result !== undefined &&
    result.ok === ok &&
    (version ?? result.version) === result.version &&
    (note ?? result.note) === result.note;
  return {
    part,
    ...(ok !== undefined && { ok }),
    ...(version !== undefined && { version }),
    ...(note !== undefined && { note }),
    isNew: ok !== undefined && !isSame,
  };
}

const problem = (text: string, field?: string): Problem => ({ ...(field !== undefined && { field }), text });

/** What no message would carry: a note on a part of which it is not said whether it passed. */
function unsaid({ language, subject }: SheetVisit, said: readonly Said[]): Problem[] {
  return said.flatMap(({ part, ok, note }) =>
    ok === undefined && note !== undefined && note !== part.result?.note
      ? [
          problem(
            fill(says.noteAlone[language], { part: nameOfPart(part, subject, language) }),
            fieldOf.result(part),
          ),
        ]
      : [],
  );
}

/** One message for a part. */
function partMessage({ id }: WorksheetPhase, said: Said, by: string): PageMessage {
  const { part, ok, version, note, asks } = said;
  if (asks) return { signal: 'integrationChecked', input: { integration: part.id, byMonitor: true, by } };
  return {
    signal: 'upgradePartChecked',
    input: {
      ...{ phase: id, part: part.id, ok, by },
      ...(version !== undefined && { version }),
      ...(note !== undefined && { note }),
    },
  };
}

/** The message for a part of which a value is filled in that is not kept already. */
function valueMessage({ id }: WorksheetPhase, part: WorksheetPart, form: Form, by: string): PageMessage[] {
  const given = valuesOf(part).map((name) => form[name]);
  const kept = [keptValue(part), keptTime(part.result)];
  if (given.every((value, at) => value === undefined || value === kept[at])) return [];
  const values = (partFields[part.kind] ?? []).flatMap((field, at): [string, string][] =>
    given[at] === undefined ? [] : [[field, given[at]]],
  );
  if (values.length === 0) return [];
  const isRight = form.confirmed === 'yes' && { confirmed: true };
  const input = { phase: id, part: part.id, ...Object.fromEntries(values), by, ...isRight };
  return [{ signal: 'upgradePartChecked', input }];
}

interface Read {
  phase: WorksheetPhase;
  said: Said[];
  by: string;
}

/** What the form says of its phase, or why it cannot be sent. */
function read(visit: SheetVisit, form: Form): Read | { problems: Problem[] } {
  const { subject, language, ended, link } = visit;
  const phase = phaseOfForm(subject, form);
  if (ended) return { problems: [problem(says.ended[language])] };
  if (!phase) return { problems: [problem(says.nothingOn[language])] };
  const said = phase.parts.filter(passes).map((part) => readPart(part, form));
  const problems = unsaid(visit, said);
  return problems.length > 0 ? { problems } : { phase, said, by: link.contact };
}

/** Reports what is filled in, part by part. */
export function judgeReport(visit: SheetVisit, form: Form): Judged {
  const found = read(visit, form);
  if ('problems' in found) return found;
  const { phase, said, by } = found;
  const updates = [
    ...phase.parts.flatMap((part) => valueMessage(phase, part, form, by)),
    ...said.filter(({ isNew }) => isNew).map((one) => partMessage(phase, one, by)),
  ];
  if (updates.length > 0) return { details: { updates } };
  return { problems: [problem(says.nothingNew[visit.language])] };
}

/** Completes the phase with all that is filled in. A part with a note of its own goes before. */
export function judgeComplete(visit: SheetVisit, form: Form): Judged {
  const found = read(visit, form);
  if ('problems' in found) return found;
  const { phase, said, by } = found;
  const { acceptedBy, reason, note } = form;
  if ((acceptedBy === undefined) !== (reason === undefined))
    return {
      problems: [
        acceptedBy === undefined
          ? problem(says.byWhom[visit.language], 'acceptedBy')
          : problem(says.acceptedWhy[visit.language], 'reason'),
      ],
    };
  const noted = said.filter(({ isNew, note: own, asks }) => isNew && (own !== undefined || asks));
  const rest = said.filter((one) => one.isNew && !noted.includes(one));
  const ids = (ok: boolean): string[] =>
    // That a system passed is said by its version.
    rest.filter((one) => one.ok === ok && !(ok && one.part.kind === 'system')).map(({ part }) => part.id);
  const [passed, except] = [ids(true), ids(false)];
  const versions = rest.flatMap(({ part, version }) => (version === undefined ? [] : [[part.id, version]]));
  const input = {
    ...{ phase: phase.id, by },
    ...valuesIn(phase, form),
    ...(passed.length > 0 && { passed }),
    ...(except.length > 0 && { except }),
    ...(versions.length > 0 && { versions: Object.fromEntries(versions) as Record<string, string> }),
    ...(acceptedBy !== undefined && { acceptedBy, reason }),
    ...(form.confirmed === 'yes' && { confirmed: true }),
    ...(note !== undefined && { note }),
  };
  const updates = [
    ...noted.map((one) => partMessage(phase, one, by)),
    { signal: 'upgradePhaseCompleted', input },
  ];
  return { details: { updates } };
}

/** The values that are filled in of parts that neither pass nor fail, and are not kept already. */
function valuesIn({ parts }: WorksheetPhase, form: Form): Record<string, string> {
  const values = parts
    .filter((part) => isAsked(part))
    .flatMap((part) => {
      const given = valuesOf(part).flatMap((name): [string, string][] =>
        form[name] === undefined ? [] : [[name, form[name]]],
      );
      return given.length === 1 && given[0]?.[1] === keptValue(part) ? [] : given;
    });
  return Object.fromEntries(values);
}

/** Reports that the phase went wrong, and what then. */
export function judgeFailed(visit: SheetVisit, form: Form): Judged {
  const { language, link } = visit;
  const found = read(visit, {
    ...(form.phase !== undefined && { phase: form.phase }),
  });
  if ('problems' in found) return found;
  const { failReason: reason, then, restoredBy, lostSince } = form;
  const isRestored = then === 'restore';
  if (reason === undefined) return { problems: [problem(says.failedWhy[language], 'failReason')] };
  const input = {
    ...{ phase: found.phase.id, reason, by: link.contact },
    ...(then !== undefined && { then }),
    ...(isRestored && restoredBy !== undefined && { contact: restoredBy }),
    ...(isRestored && lostSince !== undefined && { lostSince }),
  };
  return { details: { updates: [{ signal: 'upgradePhaseFailed', input }] } };
}
