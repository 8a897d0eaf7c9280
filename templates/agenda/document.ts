/** A management meeting's agenda as a document of sections; `../documents` draws it. Pure. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language, Text } from '../../rules/engine/basics/text';
import { dayBefore, formatDate, formatShortDate, formatTime } from '../words/dates';
import { capitalize, label } from '../words/labels';
import { formatClock, formatClockInWords, formatHoursWithUnit, formatMinutes } from '../words/numbers';
import type { Block, Cell, PrintedDocument, Section } from '../documents/document';
import { chartHint, hourBankChart } from '../documents/hour-chart';
import type { AgendaCase, AgendaData, AgendaMonitoring, AgendaNote, AgendaReleaseNews } from './data';
import { agendaWords } from './wording';

/**
 * What a meeting is called.
 * @example meetingName('meeting-extra-1', 'sv') // 'Extra förvaltningsmöte 1'
 */
export function meetingName(id: string, language: Language): string {
  const [, extra, number] = /^meeting-(extra-)?(\d+)$/.exec(id) ?? [];
  if (number === undefined) return id;
  return agendaWords[language][extra ? 'extraMeeting' : 'meeting'](number);
}

/** Which section has the material of a standing topic. */
const sectionOfTopic: Record<string, SectionId> = {
  'new-needs': 'improvements',
  'completed-work': 'work',
  training: 'training',
  improvements: 'improvements',
  'release-news': 'upgrade',
  'hour-bank': 'hour-bank',
  monitoring: 'incidents',
};

type SectionId =
  | 'work'
  | 'hour-bank'
  | 'incidents'
  | 'cases'
  | 'actions'
  | 'training'
  | 'improvements'
  | 'upgrade'
  | 'dates';

/** Puts the data of an agenda into words. */
export function agendaDocument(data: AgendaData, language: Language): PrintedDocument {
  const words = agendaWords[language];
  const heading = meetingName(data.meeting.id, language);
  const told: { id: SectionId; title: string; blocks: Block[] }[] = [
    { id: 'work', title: words.work, blocks: workBlocks(data, language) },
    { id: 'hour-bank', title: words.hourBank, blocks: hourBankBlocks(data, language) },
    { id: 'incidents', title: words.incidents, blocks: incidentBlocks(data, language) },
    { id: 'cases', title: words.cases, blocks: caseBlocks(data, language) },
    { id: 'actions', title: words.actions, blocks: actionBlocks(data, language) },
    {
      id: 'training',
      title: `${words.training} ${language === 'sv' ? 'och' : 'and'} ${lowerFirst(words.proposals)}`,
      blocks: noteBlocks(data, language),
    },
    { id: 'improvements', title: words.improvements, blocks: improvementBlocks(data, language) },
    { id: 'upgrade', title: words.upgrade, blocks: upgradeBlocks(data, language) },
    { id: 'dates', title: words.dates, blocks: dateBlocks(data, language) },
  ];
  const numberOf = (id: SectionId): number => told.findIndex((section) => section.id === id) + 1;
  const topics: Section = {
    id: 'topics',
    title: words.topics,
    blocks: [topicBlock(data, language, numberOf)],
  };
  return {
    language,
    asOf: data.asOf,
    product: `${words.product} ${label('level', data.agreement.level, language)}`,
    title: `${words.agenda}: ${lowerFirst(heading)}, ${data.customer}`,
    heading,
    customer: data.customer,
    facts: factsOf(data, language),
    sections: [
      topics,
      ...told.map((section) => ({ ...section, title: `${numberOf(section.id)}. ${section.title}` })),
    ],
    footer: `${data.customer} · ${data.agreement.number} · ${words.agenda.toLowerCase()}, ${lowerFirst(heading)}`,
    page: words.page,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function sinceText({ since }: AgendaData, language: Language): string {
  const words = agendaWords[language];
  const on = formatShortDate(since.on, language);
  return since.meeting === undefined
    ? words.sinceStart(on)
    : words.sinceMeeting(lowerFirst(meetingName(since.meeting, language)), on);
}

function factsOf(data: AgendaData, language: Language): PrintedDocument['facts'] {
  const words = agendaWords[language];
  const { meeting, year, agreement } = data;
  const ends = new Date(Date.parse(meeting.at) + meeting.minutes * 60_000).toISOString();
  const short = (on: LocalDate): string => formatShortDate(on, language);
  return [
    {
      label: words.when,
      value: capitalize(
        words.whenValue(formatDate(meeting.at, language), formatTime(meeting.at), formatTime(ends)),
      ),
      ...(meeting.booked ? {} : { note: words.planned }),
    },
    { label: words.place, value: meeting.place ?? words.noPlace },
    { label: words.participants, value: meeting.participants.join(', ') },
    { label: words.agreement, value: agreement.number },
    { label: words.year, value: words.yearValue(year.number, short(year.from), short(dayBefore(year.to))) },
    {
      label: words.tellsFrom,
      value: sinceText(data, language),
      note: words.written(short(localDateOf(data.asOf))),
    },
  ];
}

function topicBlock({ topics }: AgendaData, language: Language, numberOf: (id: SectionId) => number): Block {
  const words = agendaWords[language];
  if (topics.length === 0) return { kind: 'empty', text: words.noTopics };
  return {
    kind: 'list',
    numbered: true,
    items: topics.map((topic) => {
      const section =
        typeof topic === 'string' && Object.hasOwn(sectionOfTopic, topic) ? sectionOfTopic[topic] : undefined;
      return {
        text: label('agenda', topic, language),
        ...(section ? { note: words.topicSection(numberOf(section)), section } : {}),
      };
    }),
  };
}

function workBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  const short = (on: LocalDate): string => formatShortDate(on, language);
  const { decisions, meeting } = data.since;
  const entries: Block =
    data.entries.length === 0
      ? { kind: 'empty', text: words.noEntries }
      : {
          kind: 'table',
          caption: words.hoursReported,
          columns: [
            { title: words.date, share: 15 },
            { title: words.what, share: 52 },
            { title: words.kind, share: 19 },
            { title: words.hours, share: 14, align: 'right' },
          ],
          rows: data.entries.map(({ on, hours, service, note, corrects }) => [
            { text: short(on) },
            corrects === undefined
              ? { text: note ?? words.unnamedWork, ...(note === undefined && { tone: 'muted' as const }) }
              : { text: words.correction(short(corrects)), ...(note !== undefined && { note }) },
            { text: service === undefined ? '' : label('hourKind', service, language), tone: 'muted' },
            { text: formatClock(hours) },
          ]),
          total: [
            { text: words.sum, strong: true },
            { text: '' },
            { text: '' },
            { text: formatClock(data.hours.usedSince), strong: true },
          ],
        };
  const closed: Block =
    data.closed.length === 0
      ? { kind: 'empty', text: words.noClosed }
      : {
          kind: 'table',
          caption: words.workDone,
          columns: [
            { title: words.what, share: 67 },
            { title: words.state, share: 33 },
          ],
          rows: data.closed.map(({ id, on, state }) => [
            { text: capitalize(label('obligation', id, language, namesOf(data))) },
            state === 'done'
              ? { text: words.done(short(on)), tone: 'good' }
              : { text: words.missed(short(on)), tone: 'bad' },
          ]),
        };
  const before: Block[] =
    meeting === undefined
      ? []
      : [
          { kind: 'heading', text: words.lastDecisions },
          decisions.length === 0
            ? { kind: 'empty', text: words.noDecisions }
            : { kind: 'list', numbered: false, items: decisions.map((text) => ({ text })) },
        ];
  return [
    { kind: 'heading', text: words.hoursReported },
    entries,
    { kind: 'heading', text: words.workDone },
    closed,
    ...before,
  ];
}

function hourBankBlocks(data: AgendaData, language: Language): Block[] {
  const { figures } = agendaWords[language];
  const { hours } = data;
  const value = (centihours: number): string => `${formatClock(centihours)} h`;
  return [
    {
      kind: 'figures',
      items: [
        { label: figures.contracted, value: value(hours.contracted) },
        { label: figures.rolledIn, value: value(hours.rolledIn) },
        ...(hours.added ? [{ label: figures.added, value: value(hours.added) }] : []),
        { label: figures.used, value: value(hours.used) },
        { label: figures.usedSince, value: value(hours.usedSince) },
        hours.overage > 0
          ? { label: figures.overage, value: value(hours.overage), tone: 'bad' }
          : { label: figures.remaining, value: value(hours.remaining) },
      ],
    },
    { kind: 'chart', chart: hourBankChart(data, language), hint: chartHint(language) },
  ];
}

function casesSummary(cases: AgendaCase[], language: Language): Block {
  const words = agendaWords[language];
  const closed = cases.filter(({ state }) => state === 'closed').length;
  const hours = cases.reduce((sum, each) => sum + (each.hours ?? 0), 0);
  const spent = hours > 0 ? ` ${words.casesHours(formatClockInWords(hours, language))}` : '';
  return {
    kind: 'text',
    text: words.casesSummary(cases.length, closed, cases.length - closed) + spent,
  };
}

function closedCell({ state, closedOn }: AgendaCase, language: Language): Cell {
  const words = agendaWords[language];
  if (state === 'closed') return { text: closedOn === undefined ? '' : formatShortDate(closedOn, language) };
  return { text: state === 'waiting' ? words.waiting : words.stillOpen, tone: 'bad' };
}

function incidentBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  const incidents = data.cases.filter(({ category }) => category === 'incident');
  const alerts = data.monitoring === undefined ? [] : monitoringBlocks(data.monitoring, language);
  if (incidents.length === 0) return [{ kind: 'empty', text: words.noIncidents }, ...alerts];
  return [
    casesSummary(incidents, language),
    {
      kind: 'table',
      caption: words.incidents,
      columns: [
        { title: words.reference, share: 14 },
        { title: words.opened, share: 15 },
        { title: words.closed, share: 15 },
        { title: words.subject, share: 28 },
        { title: words.whatWasDone, share: 28 },
      ],
      rows: incidents.map((each) => [
        { text: each.reference },
        { text: formatShortDate(each.openedOn, language) },
        closedCell(each, language),
        { text: each.title },
        each.resolution === undefined ? { text: words.notTold, tone: 'muted' } : { text: each.resolution },
      ]),
    },
    ...alerts,
  ];
}

/** Alerts that one agenda lists; the rest is counted. */
const mostAlerts = 20;

function monitoringBlocks(
  { checks, incidents, acted, notChecked }: AgendaMonitoring,
  language: Language,
): Block[] {
  const words = agendaWords[language];
  const time = (minutes: number): string => formatMinutes(minutes, language);
  const minute = (at: Instant): string => `${formatShortDate(at, language)} ${formatTime(at)}`;
  const summary = [
    words.watched(checks, incidents.length),
    ...(acted ? [words.acted(time(acted.median), time(acted.longest))] : []),
  ].join(' ');
  const left = incidents.length - mostAlerts;
  const table: Block[] =
    incidents.length === 0
      ? []
      : [
          {
            kind: 'table',
            caption: words.alerts,
            columns: [
              { title: words.check, share: 34 },
              { title: words.severity, share: 16 },
              { title: words.alertedAt, share: 18 },
              { title: words.overAt, share: 18 },
              { title: words.actedAfter, share: 14 },
            ],
            rows: incidents
              .slice(0, mostAlerts)
              .map(({ name, severity, since, closedAt, actedAfter }) => [
                { text: name },
                { text: words.severities[severity] },
                { text: minute(since) },
                closedAt === undefined ? { text: words.stillOpen, tone: 'bad' } : { text: minute(closedAt) },
                actedAfter === undefined ? { text: '–', tone: 'muted' } : { text: time(actedAfter) },
              ]),
          },
        ];
  return [
    { kind: 'heading', text: words.alerts },
    { kind: 'text', text: summary },
    ...table,
    ...(left > 0 ? [{ kind: 'text', text: words.moreAlerts(left) } as const] : []),
    ...(notChecked.length === 0
      ? []
      : [
          { kind: 'heading', text: words.notChecked } as const,
          {
            kind: 'list',
            numbered: false,
            items: notChecked.map(({ name, reason }) => ({ text: `${name}: ${reason ?? words.notSetUp}` })),
          } as const,
        ]),
  ];
}

function caseBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  const cases = data.cases.filter(({ category }) => category !== 'incident');
  if (cases.length === 0) return [{ kind: 'empty', text: words.noCases }];
  return [
    casesSummary(cases, language),
    {
      kind: 'table',
      caption: words.cases,
      columns: [
        { title: words.reference, share: 14 },
        { title: words.opened, share: 15 },
        { title: words.closed, share: 15 },
        { title: words.subject, share: 31 },
        { title: words.kind, share: 14 },
        { title: words.hours, share: 11, align: 'right' },
      ],
      rows: cases.map((each) => [
        { text: each.reference },
        { text: formatShortDate(each.openedOn, language) },
        closedCell(each, language),
        { text: each.title, ...(each.resolution === undefined ? {} : { note: each.resolution }) },
        { text: words.caseCategory[each.category], tone: 'muted' },
        { text: each.hours === undefined ? '' : formatClock(each.hours) },
      ]),
    },
  ];
}

function actionBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  const today = localDateOf(data.asOf);
  const short = (on: LocalDate): string => formatShortDate(on, language);
  const open = data.actions.filter(({ state }) => state === 'open').length;
  const none: Block[] = open === 0 ? [{ kind: 'empty', text: words.noActions }] : [];
  if (data.actions.length === 0) return none;
  return [
    ...none,
    {
      kind: 'table',
      caption: words.actions,
      columns: [
        { title: words.what, share: 45 },
        { title: words.owner, share: 20 },
        { title: words.due, share: 15 },
        { title: words.state, share: 20 },
      ],
      rows: data.actions.map(({ what, owner, dueOn, state, doneOn }) => [
        { text: what },
        { text: owner },
        { text: short(dueOn) },
        state === 'done'
          ? { text: words.done(short(doneOn ?? dueOn)), tone: 'good' }
          : dueOn < today
            ? { text: words.overdue, tone: 'bad' }
            : { text: words.open },
      ]),
    },
  ];
}

function notesOr(notes: AgendaNote[], nothing: string, caption: string, language: Language): Block {
  const words = agendaWords[language];
  if (notes.length === 0) return { kind: 'empty', text: nothing };
  return {
    kind: 'table',
    caption,
    columns: [
      { title: words.what, share: 82 },
      { title: words.noted, share: 18 },
    ],
    rows: notes.map(({ on, text }) => [{ text }, { text: formatShortDate(on, language), tone: 'muted' }]),
  };
}

function noteBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  return [
    { kind: 'heading', text: words.training },
    notesOr(data.training, words.noTraining, words.training, language),
    { kind: 'heading', text: words.proposals },
    notesOr(data.proposals, words.noProposals, words.proposals, language),
    ...(data.remarks.length === 0
      ? []
      : [
          { kind: 'heading' as const, text: words.remarks },
          notesOr(data.remarks, '', words.remarks, language),
        ]),
  ];
}

function improvementBlocks(data: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  if (data.improvements.length === 0) return [{ kind: 'empty', text: words.noImprovements }];
  return [
    {
      kind: 'table',
      caption: words.improvements,
      columns: [
        { title: words.what, share: 52 },
        { title: words.estimate, share: 16, align: 'right' },
        { title: words.state, share: 32 },
      ],
      rows: data.improvements.map(({ title, note, hours, state, addedOn, changedOn }) => {
        const on = formatShortDate(state === 'proposed' ? addedOn : changedOn, language);
        return [
          { text: title, ...(note === undefined ? {} : { note }) },
          { text: hours === undefined ? '–' : formatHoursWithUnit(hours, language) },
          {
            text: words.improvementState[state](on),
            ...(state === 'done' && { tone: 'good' as const }),
            ...(state === 'rejected' && { tone: 'muted' as const }),
            ...(state === 'proposed' && { strong: true as const }),
          },
        ];
      }),
    },
  ];
}

/** News that releases bring, and those noted by hand. */
function newsBlocks(news: AgendaNote[], releaseNews: AgendaReleaseNews[], language: Language): Block[] {
  const words = agendaWords[language];
  const noted = notesOr(news, words.noNews, words.upgradeBrings, language);
  if (releaseNews.length === 0) return [noted];
  const items = releaseNews.map(({ system, version, text }) => ({
    text,
    note: words.fromVersion(label('system', system, language), version),
  }));
  return [{ kind: 'list', numbered: false, items }, ...(news.length === 0 ? [] : [noted])];
}

/** The new versions that people work in since the last meeting. */
function newVersionsOf({ upgraded }: AgendaData['upgrade'], language: Language): Block[] {
  if (!upgraded) return [];
  const words = agendaWords[language];
  const list = upgraded.systems.map(({ id, from, to }) =>
    words.newVersion(label('system', id, language), to, from),
  );
  return [{ kind: 'text', text: words.newVersions(list.join(', '), formatShortDate(upgraded.on, language)) }];
}

/** What the upgrade has brought, or will bring; what one after it would bring comes last. */
function allNewsBlocks(
  { news, releaseNews, upgraded }: AgendaData['upgrade'],
  isDone: boolean,
  language: Language,
): Block[] {
  const words = agendaWords[language];
  const heading = (text: string): Block => ({ kind: 'heading', text });
  const brought = upgraded?.news ?? (isDone ? [] : undefined);
  if (!brought) return [heading(words.upgradeBrings), ...newsBlocks(news, releaseNews, language)];
  return [
    heading(words.upgradeBrought),
    ...newsBlocks(news, brought, language),
    ...(releaseNews.length > 0
      ? [heading(words.upgradeBrings), ...newsBlocks([], releaseNews, language)]
      : []),
  ];
}

function upgradeBlocks({ upgrade }: AgendaData, language: Language): Block[] {
  const words = agendaWords[language];
  const { phases, systems } = upgrade;
  const short = (on: LocalDate): string => formatShortDate(on, language);
  const doneOn =
    phases.length > 0 && phases.every(({ state }) => state === 'done')
      ? phases
          .map(({ closedOn, dueOn }) => closedOn ?? dueOn)
          .sort()
          .at(-1)
      : undefined;
  const list = systems.map(({ id, version }) => `${label('system', id, language)} ${version}`).join(', ');
  return [
    ...(doneOn === undefined ? [] : [{ kind: 'text' as const, text: words.upgradeDone(short(doneOn)) }]),
    ...(list === '' ? [] : [{ kind: 'text' as const, text: words.systems(list) }]),
    ...newVersionsOf(upgrade, language),
    ...allNewsBlocks(upgrade, doneOn !== undefined, language),
    { kind: 'heading', text: words.upgradeDates },
    phases.length === 0
      ? { kind: 'empty', text: words.noPhases }
      : {
          kind: 'table',
          caption: words.upgradeDates,
          columns: [
            { title: words.phase, share: 34 },
            { title: words.owner, share: 26 },
            { title: words.due, share: 20 },
            { title: words.state, share: 20 },
          ],
          rows: phases.map(({ phase, name, owner, dueOn, state, closedOn }) => [
            { text: capitalize(label('phase', name ?? phase, language)) },
            { text: capitalize(label('party', owner, language)) },
            { text: short(dueOn) },
            {
              text: words.phaseState[state](short(closedOn ?? dueOn)),
              ...(state === 'done' && { tone: 'good' as const }),
              ...((state === 'overdue' || state === 'missed') && { tone: 'bad' as const }),
            },
          ]),
        },
  ];
}

function dateBlocks(data: AgendaData, language: Language): Block[] {
  const { dates, year } = data;
  const words = agendaWords[language];
  const short = (on: LocalDate): string => formatShortDate(on, language, { weekday: true });
  const last = [{ text: short(dayBefore(year.to)) }, { text: words.yearEnds }];
  return [
    ...(dates.length === 0 ? [{ kind: 'empty' as const, text: words.noDates }] : []),
    {
      kind: 'table',
      caption: words.dates,
      columns: [
        { title: words.date, share: 32 },
        { title: words.what, share: 68 },
      ],
      rows: [
        ...dates.map(({ id, on, at }) => [
          { text: at === undefined ? short(on) : `${short(on)}, ${formatTime(at)}` },
          {
            text: id.startsWith('meeting-')
              ? meetingName(id, language)
              : capitalize(label('obligation', id, language, namesOf(data))),
          },
        ]),
        last,
      ],
    },
  ];
}

/** What the rules call phases of the upgrade. */
const namesOf = ({ upgrade }: AgendaData): Record<string, Text> =>
  Object.fromEntries(upgrade.phases.flatMap(({ phase, name }) => (name ? [[phase, name]] : [])));
