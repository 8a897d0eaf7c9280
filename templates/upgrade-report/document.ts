/** The report of an upgrade as a document of sections; `../documents` draws it. Pure. */
import { grouped } from '../../rules/engine/basics/grouped';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import type { Language } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { daysBetween } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { CountedPart } from '../../rules/engine/upgrade/count-parts';
import { countParts } from '../../rules/engine/upgrade/count-parts';
import { isSinglePart } from '../../rules/engine/upgrade/parts';
import type { Block, Cell, PrintedDocument, Section } from '../documents/document';
import { dayBefore, formatDate, formatShortDate, formatSpan, formatTime } from '../words/dates';
import { capitalize, label } from '../words/labels';
import { formatDuration } from '../words/numbers';
import type { ReportPart, ReportPhase, UpgradeReport } from './data';
import { reportWords } from './wording';

/** Puts the report of an upgrade into words. */
export function upgradeReportDocument(report: UpgradeReport, language: Language): PrintedDocument {
  const { agreement, customer, version } = report;
  const words = reportWords[language];
  const sections: (Section | false)[] = [
    { id: 'summary', title: words.sections.summary, blocks: summaryBlocks(report, language) },
    { id: 'approval', title: words.sections.approval, blocks: approvalBlocks(report, language) },
    { id: 'left', title: words.sections.left, blocks: leftBlocks(report, language) },
    { id: 'accepted', title: words.sections.accepted, blocks: acceptedBlocks(report, language) },
    { id: 'attempts', title: words.sections.attempts, blocks: attemptBlocks(report, language) },
    { id: 'phases', title: words.sections.phases, blocks: phaseBlocks(report, language) },
    { id: 'parts', title: words.sections.parts, blocks: partBlocks(report, language) },
  ];
  return {
    language,
    asOf: report.asOf,
    product: `${words.product} ${label('level', agreement.level, language)}`,
    title: words.title(customer),
    heading: words.heading,
    customer,
    facts: factsOf(report, language),
    sections: sections.filter((one): one is Section => one !== false && one.blocks.length > 0),
    footer: `${customer} · ${agreement.number} · ${words.footer(version)}`,
    page: words.page,
  };
}

type Facts = PrintedDocument['facts'];

function factsOf(report: UpgradeReport, language: Language): Facts {
  const { agreement, year, installation, testedOn, systems, version, asOf } = report;
  const words = reportWords[language];
  const short = (on: string): string => formatShortDate(on, language);
  const versions = systems.map(
    ({ id, from, to }) => `${label('system', id, language)} ${words.fromTo(from, to)}`,
  );
  return [
    { label: words.agreement, value: agreement.number },
    {
      label: words.year,
      value: words.yearValue(year.number, short(year.from), short(dayBefore(year.to))),
    },
    ...(installation === undefined ? [] : [{ label: words.installation, value: installation }]),
    ...(versions.length === 0 ? [] : [{ label: words.versions, value: versions.join('\n') }]),
    { label: words.testedOn, value: words.environments[testedOn] },
    ...outcomeOf(report, language),
    {
      label: words.report,
      value: words.reportValue(version, short(asOf)),
      ...(version > 1 && { note: words.takesPlace(version - 1) }),
    },
  ];
}

const hasApproval = ({ phases }: UpgradeReport): boolean =>
  phases.some(({ parts }) => parts.some(({ kind }) => kind === 'decision'));

function outcomeOf(report: UpgradeReport, language: Language): Facts {
  const { approval } = report;
  const words = reportWords[language];
  if (!hasApproval(report)) return [];
  if (!approval) return [{ label: words.outcome, value: words.notApproved }];
  const on = formatShortDate(approval.at, language);
  return [
    {
      label: words.outcome,
      value: 'by' in approval ? words.approvedBy(approval.by, on) : words.endedWithout(on),
    },
  ];
}

const all = ({ phases }: UpgradeReport): ReportPart[] => phases.flatMap(({ parts }) => parts);

/** Something of it is reported: what is to come counts in nothing that is said of the results. */
const hasBegun = ({ parts }: ReportPhase): boolean =>
  parts.some(({ ok, waived }) => ok !== undefined || waived);

const asCounted = ({ kind, ...result }: ReportPart): CountedPart => ({ kind, result });

const hasFailed = ({ ok, waived, kind }: ReportPart): boolean =>
  ok === false && !waived && kind !== 'support';

/** When the upgrade began, and when the last phase that is closed was closed. */
function spanOf({ phases, attempts }: UpgradeReport): { from?: LocalDate; to?: LocalDate } {
  const [[from], to] = [
    [...attempts.map(({ on }) => on), ...phases.flatMap((phase) => phase.from ?? [])].sort(),
    phases
      .flatMap((phase) => phase.to ?? [])
      .sort()
      .at(-1),
  ];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Both days counted. */
const lengthOf = (from: LocalDate, to: LocalDate): number => daysBetween(from, to) + 1;

const text = (words: string): Block => ({ kind: 'text', text: words });

function summaryBlocks(report: UpgradeReport, language: Language): Block[] {
  const words = reportWords[language];
  const { figures } = words;
  const { from, to } = spanOf(report);
  const parts = all(report);
  const timeOf = (kind: ReportPart['kind']): string | undefined =>
    parts.find((one) => one.kind === kind)?.time;
  const [began, ended] = [timeOf('began'), timeOf('ended')];
  const minutes = began && ended ? (Date.parse(ended) - Date.parse(began)) / 60_000 : undefined;
  const counts = countParts(report.phases.filter(hasBegun).flatMap((phase) => phase.parts.map(asCounted)));
  const { passed } = counts;
  const accepted = parts.filter(({ waived, kind }) => waived && kind !== 'decision').length;
  const failed = counts.failed + counts.again;
  const isOver = report.phases.every(({ state }) => state !== 'open');
  const items = [
    ...(from && to
      ? [{ label: isOver ? figures.time : figures.soFar, value: words.days(lengthOf(from, to)) }]
      : []),
    ...(minutes === undefined ? [] : [{ label: figures.down, value: formatDuration(minutes, language) }]),
    { label: figures.passed, value: words.of(passed, counts.all) },
    ...(accepted > 0 ? [{ label: figures.accepted, value: String(accepted) }] : []),
    ...(failed > 0 ? [{ label: figures.failed, value: String(failed), tone: 'bad' as const }] : []),
  ];
  const day = (on: LocalDate): string => formatDate(on, language);
  return [
    { kind: 'figures', items },
    ...(from && to ? [text(isOver ? words.tookFrom(day(from), day(to)) : words.goesOn(day(from)))] : []),
    ...(began && ended ? [text(words.down(formatSpan(began, ended, language)))] : []),
    text(words.included),
  ];
}

/** Day and time of day. */
const moment = (at: string, language: Language): string =>
  `${formatDate(at, language)} ${language === 'sv' ? 'kl.' : 'at'} ${formatTime(at)}`;

function approvalBlocks(report: UpgradeReport, language: Language): Block[] {
  const { approval, customer } = report;
  const words = reportWords[language];
  if (!hasApproval(report)) return [];
  if (!approval) return [{ kind: 'empty', text: `${words.notApproved}.` }];
  const at = moment(approval.at, language);
  return 'by' in approval
    ? [
        text(
          approval.toldBy === undefined
            ? words.approval(approval.by, at, customer)
            : words.approvalTold(approval.by, at, customer, approval.toldBy),
        ),
        text(words.approves),
        ...(approval.shown === undefined
          ? []
          : [text((approval.toldBy === undefined ? words.shown : words.stoodThen)(approval.shown))]),
      ]
    : [text(words.ended(approval.endedBy, at, approval.reason)), text(words.endedIsNone)];
}

const phaseName = ({ id, name }: Pick<ReportPhase, 'id' | 'name'>, language: Language): string =>
  capitalize(label('phase', name ?? id, language));

/** What is not done, and what was accepted as it is: the open risks. */
function leftBlocks({ phases, withdrawn }: UpgradeReport, language: Language): Block[] {
  const words = reportWords[language];
  const accepted = phases
    .flatMap(({ parts }) => parts)
    .filter(({ waived, kind }) => waived && kind !== 'decision').length;
  const items = [
    ...phases.flatMap((phase) => [
      ...phase.parts
        .filter(hasFailed)
        .map(({ name }) => words.partFailed(capitalize(name[language]), phaseName(phase, language))),
      ...(phase.state === 'open'
        ? [words.phaseLeft(phaseName(phase, language), phase.dueOn && formatShortDate(phase.dueOn, language))]
        : []),
    ]),
    ...(accepted > 0 ? [words.acceptedLeft(accepted)] : []),
    ...withdrawn.map(({ system, version, on, reason }) =>
      words.withdrawn(
        `${label('system', system, language)} ${version}`,
        formatShortDate(on, language),
        reason[language],
      ),
    ),
  ].map((one) => ({ text: one }));
  if (items.length === 0) return [{ kind: 'empty', text: words.nothingLeft }];
  return [{ kind: 'list', numbered: false, items }];
}

function acceptedBlocks({ phases }: UpgradeReport, language: Language): Block[] {
  const { columns, sections, upgradedTogether } = reportWords[language];
  const rows = phases.flatMap((phase) =>
    phase.parts.flatMap(({ name, waived, kind }): Cell[][] =>
      waived && kind !== 'decision'
        ? [
            [
              { text: capitalize(name[language]), note: phaseName(phase, language) },
              { text: waived.by },
              { text: waived.reason ?? upgradedTogether },
            ],
          ]
        : [],
    ),
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: sections.accepted,
      columns: [
        { title: columns.part, share: 38 },
        { title: columns.acceptedBy, share: 20 },
        { title: columns.reason, share: 42 },
      ],
      rows,
    },
  ];
}

function attemptBlocks({ attempts }: UpgradeReport, language: Language): Block[] {
  const { columns, sections, rolledBack, rolledBackTogether, restored, decidedBy } = reportWords[language];
  if (attempts.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: sections.attempts,
      columns: [
        { title: columns.attempt, share: 10 },
        { title: columns.when, share: 15 },
        { title: columns.what, share: 38 },
        { title: columns.reason, share: 37 },
      ],
      rows: attempts.map(({ number, on, phase, reason, lostSince, by }) => [
        { text: String(number) },
        { text: formatShortDate(on, language) },
        {
          text: lostSince === undefined ? rolledBack : restored(moment(lostSince, language)),
          ...(by === undefined
            ? phase !== undefined && { note: capitalize(label('phase', phase, language)) }
            : { note: decidedBy(by) }),
        },
        { text: reason ?? rolledBackTogether },
      ]),
    },
  ];
}

function phaseBlocks({ phases }: UpgradeReport, language: Language): Block[] {
  const { columns, sections, days, states } = reportWords[language];
  const short = (on: LocalDate | undefined): string =>
    on === undefined ? '' : formatShortDate(on, language);
  return [
    {
      kind: 'table',
      caption: sections.phases,
      columns: [
        { title: columns.phase, share: 30 },
        { title: columns.owner, share: 22 },
        { title: columns.from, share: 15 },
        { title: columns.to, share: 15 },
        { title: columns.days, share: 18 },
      ],
      rows: phases.map((phase) => {
        const { owner, state, from, to } = phase;
        const isComing = state === 'open' && from === undefined;
        return [
          { text: phaseName(phase, language) },
          { text: capitalize(label('party', owner, language)) },
          { text: short(from) },
          { text: short(to) },
          state === 'done' && from && to
            ? { text: days(lengthOf(from, to)) }
            : { text: states[isComing ? 'coming' : state], tone: 'muted' as const },
        ];
      }),
    },
  ];
}

/** The parts of each phase that has begun; test cases by their business process. */
function partBlocks({ phases }: UpgradeReport, language: Language): Block[] {
  return phases.filter(hasBegun).flatMap((phase) => {
    const groups = grouped(phase.parts, ({ process }) => process?.[language] ?? '');
    return [...groups].flatMap(([process, parts]) => {
      const name = phaseName(phase, language);
      return tableOfParts(process === '' ? name : `${name}: ${process}`, parts, language);
    });
  });
}

function tableOfParts(heading: string, parts: readonly ReportPart[], language: Language): Block[] {
  const { columns } = reportWords[language];
  return [
    { kind: 'heading', text: heading },
    {
      kind: 'table',
      caption: heading,
      columns: [
        { title: columns.part, share: 44 },
        { title: columns.result, share: 24 },
        { title: columns.who, share: 18 },
        { title: columns.when, share: 14 },
      ],
      rows: parts.map((part) => partRow(part, language)),
    },
  ];
}

function partRow(part: ReportPart, language: Language): Cell[] {
  const { name, owner, from, version, by, contact, at, note, waived } = part;
  const { fromTo, ours } = reportWords[language];
  const about = [
    ...(from === undefined || from === version ? [version] : [fromTo(from, version)]),
    owner && label('integrationOwner', owner, language),
    note,
  ].filter((one) => one !== undefined);
  return [
    { text: capitalize(name[language]), ...(about.length > 0 && { note: about.join(' · ') }) },
    resultOf(part, language),
    { text: contact ?? by ?? waived?.by ?? (part.ok === undefined ? '' : ours) },
    { text: at === undefined ? '' : formatShortDate(localDateOf(at), language) },
  ];
}

function resultOf(part: ReportPart, language: Language): Cell {
  const { kind, ok, on, time, waived, notApplicable, retest } = part;
  const words = reportWords[language];
  if (waived) return { text: kind === 'decision' ? words.unapproved : words.accepted, strong: true };
  if (ok === undefined) return { text: words.unreported, tone: 'muted' };
  if (kind === 'support') return ok ? { text: words.yes, tone: 'good' } : { text: words.no, tone: 'bad' };
  if (!ok) return { text: retest ? words.retest : words.failed, tone: 'bad' };
  if (notApplicable) return { text: words.notApplicable, tone: 'muted' };
  if (on !== undefined) return { text: isLocalDate(on) ? formatShortDate(on, language) : on };
  if (time !== undefined) return { text: `${formatShortDate(time, language)} ${formatTime(time)}` };
  const said = kind === 'decision' ? words.given : isSinglePart(kind) ? words.reported : words.passed;
  return { text: said, tone: 'good' };
}
