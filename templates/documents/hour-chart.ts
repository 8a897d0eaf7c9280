/**
 * The chart of the hour bank over the year as lines and texts; HTML draws it as SVG, the PDF with its own lines. Points
 * of 1/72 inch from the upper left corner.
 */
import { addMonths, daysBetween } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { availableHours } from '../../rules/engine/hours/hour-bank';
import { formatShortDate } from '../words/dates';
import { formatClock, formatHours } from '../words/numbers';

export type Tone = 'ink' | 'muted' | 'grid' | 'used' | 'usedArea' | 'available' | 'today';
export type Point = readonly [x: number, y: number];

export type Shape =
  | { kind: 'line'; points: Point[]; tone: Tone; width: number; dashed?: boolean }
  | { kind: 'area'; points: Point[]; tone: Tone }
  | { kind: 'dot'; at: Point; radius: number; tone: Tone }
  | { kind: 'text'; text: string; at: Point; size: number; align: 'left' | 'center' | 'right'; tone: Tone };

export interface Chart {
  width: number;
  height: number;
  /** What it shows, for readers who cannot see it. */
  description: string;
  shapes: Shape[];
}

/** What changes over a year: hours used so far, and hours there were to use. In hundredths of an hour. */
export interface HourCurvePoint {
  on: LocalDate;
  used: number;
  available: number;
}

/** The hours of a year; hundredths of an hour. */
export interface ChartedHours extends Pick<HourBalance, 'contracted' | 'rolledIn' | 'added'> {
  used: number;
  /** In order of their days. */
  curve: HourCurvePoint[];
  /** When the hours are used up at the pace so far, if that is within the year. */
  usedUpOn?: LocalDate;
}

interface ChartedYear {
  from: LocalDate;
  /** The first day after it. */
  to: LocalDate;
}

const words = {
  sv: {
    scrolls: 'Dra diagrammet åt sidan för att se hela året.',
    used: (hours: string) => `Använda timmar, ackumulerat: ${hours}`,
    available: (hours: string) => `Timmar att använda: ${hours}`,
    forecast: (on: string) => `I den här takten slut ${on}`,
    description: (used: string, available: string, on: string) =>
      `Diagram över timbanken under avtalsåret: ${used} av ${available} timmar är använda ${on}.`,
  },
  en: {
    scrolls: 'Swipe the chart sideways to see the whole year.',
    used: (hours: string) => `Hours used, cumulative: ${hours}`,
    available: (hours: string) => `Hours to use: ${hours}`,
    forecast: (on: string) => `Used up ${on} at this pace`,
    description: (used: string, available: string, on: string) =>
      `Chart of the hour bank over the agreement year: ${used} of ${available} hours are used on ${on}.`,
  },
};

/** Said where the chart is wider than the screen. */
export const chartHint = (language: Language): string => words[language].scrolls;

const width = 495;
const height = 178;
const plot = { left: 34, right: width - 8, top: 28, bottom: height - 22 };

/** The chart of a year's hour bank: hours used and hours available, and today. */
export function hourBankChart(
  { hours, year, asOf }: { hours: ChartedHours; year: ChartedYear; asOf: Instant },
  language: Language,
): Chart {
  const today = within(localDateOf(asOf), year);
  const available = availableHours(hours);
  const most = Math.max(
    available,
    hours.used,
    ...hours.curve.map((step) => Math.max(step.used, step.available)),
  );
  const step = niceStep(most);
  const top = Math.max(step, Math.ceil(most / step) * step);
  const days = daysBetween(year.from, year.to);
  const x = (on: LocalDate): number =>
    plot.left + ((plot.right - plot.left) * daysBetween(year.from, within(on, year))) / days;
  const y = (value: number): number => plot.bottom - ((plot.bottom - plot.top) * Math.max(0, value)) / top;

  const first = hours.curve[0] ?? { on: year.from, used: 0, available };
  const used = stairs([{ ...first, on: year.from, used: 0 }, ...hours.curve], today, (at) => at.used);
  const line = used.map(({ on, value }): Point => [x(on), y(value)]);
  const bank = stairs([{ ...first, on: year.from }, ...hours.curve], year.to, (at) => at.available);
  const at = x(today);
  const nearRight = at > plot.right - 60;
  return {
    width,
    height,
    description: describe(hours, available, today, language),
    shapes: [
      ...gridOf(top, step, y, language),
      ...monthsOf(year, x, language),
      { kind: 'area', points: [[plot.left, plot.bottom], ...line, [at, plot.bottom]], tone: 'usedArea' },
      { kind: 'line', points: bank.map(({ on, value }) => [x(on), y(value)]), tone: 'available', width: 1.6 },
      { kind: 'line', points: line, tone: 'used', width: 2 },
      {
        kind: 'line',
        points: [
          [at, plot.top - 9],
          [at, plot.bottom],
        ],
        tone: 'today',
        width: 0.8,
        dashed: true,
      },
      { kind: 'dot', at: [at, y(hours.used)], radius: 2.6, tone: 'used' },
      {
        kind: 'text',
        text: formatShortDate(today, language),
        at: [nearRight ? at - 4 : at + 4, plot.top - 4],
        size: 7,
        align: nearRight ? 'right' : 'left',
        tone: 'today',
      },
      ...forecastOf(hours, available, { from: [at, y(hours.used)], x, y }),
      ...legendOf(language, hours, available),
    ],
  };
}

function describe(hours: ChartedHours, available: number, today: LocalDate, language: Language): string {
  const { description, forecast } = words[language];
  const now = description(formatClock(hours.used), formatClock(available), formatShortDate(today, language));
  return hours.usedUpOn === undefined
    ? now
    : `${now} ${forecast(formatShortDate(hours.usedUpOn, language))}.`;
}

/** A dashed line on to the day on which the hours are used up. */
function forecastOf(
  { usedUpOn }: ChartedHours,
  available: number,
  { from, x, y }: { from: Point; x: (on: LocalDate) => number; y: (value: number) => number },
): Shape[] {
  if (usedUpOn === undefined) return [];
  const to: Point = [x(usedUpOn), y(available)];
  return [
    { kind: 'line', points: [from, to], tone: 'used', width: 1.2, dashed: true },
    { kind: 'dot', at: to, radius: 2, tone: 'used' },
  ];
}

/** The day itself if it lies in the year, else the nearer end of the year. */
function within(on: LocalDate, { from, to }: { from: LocalDate; to: LocalDate }): LocalDate {
  return on < from ? from : on > to ? to : on;
}

/** A line that keeps its value until the day it changes. */
function stairs<T extends { on: LocalDate }>(
  steps: T[],
  until: LocalDate,
  valueOf: (step: T) => number,
): { on: LocalDate; value: number }[] {
  const corners: { on: LocalDate; value: number }[] = [];
  for (const step of steps.filter(({ on }) => on <= until)) {
    const before = corners.at(-1);
    if (before) corners.push({ on: step.on, value: before.value });
    corners.push({ on: step.on, value: valueOf(step) });
  }
  const last = corners.at(-1);
  return last ? [...corners, { on: until, value: last.value }] : [];
}

/** Three to six lines at round numbers of hours, in hundredths. */
function niceStep(most: number): number {
  const wanted = Math.max(most, 400) / 5;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= wanted) ?? 10 * power;
}

function gridOf(top: number, step: number, y: (value: number) => number, language: Language): Shape[] {
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => Math.round(index * step));
  return lines.flatMap((value): Shape[] => [
    {
      kind: 'line',
      points: [
        [plot.left, y(value)],
        [plot.right, y(value)],
      ],
      tone: value === 0 ? 'muted' : 'grid',
      width: value === 0 ? 0.8 : 0.5,
    },
    {
      kind: 'text',
      text: formatHours(value, language),
      at: [plot.left - 6, y(value) + 2.4],
      size: 7,
      align: 'right',
      tone: 'muted',
    },
  ]);
}

/** The months of the agreement year, named in their middle; where they do not begin on the 1st, by their first day. */
function monthsOf({ from, to }: ChartedYear, x: (on: LocalDate) => number, language: Language): Shape[] {
  return Array.from({ length: 12 }, (_, index) => addMonths(from, index)).flatMap((on, index): Shape[] => {
    const [day = '', month = ''] = formatShortDate(on, language).split(' ');
    const next = index === 11 ? to : addMonths(from, index + 1);
    const tick: Shape = {
      kind: 'line',
      points: [
        [x(on), plot.bottom],
        [x(on), plot.bottom + 3],
      ],
      tone: 'muted',
      width: 0.5,
    };
    const whole = day === '1';
    const middle = (x(on) + x(next)) / 2;
    const text = whole ? month : `${day} ${month}`;
    return [
      tick,
      {
        kind: 'text',
        text,
        at: [whole ? middle : x(on), plot.bottom + 12],
        size: 7,
        align: whole ? 'center' : 'left',
        tone: 'muted',
      },
    ];
  });
}

function legendOf(language: Language, { used, usedUpOn }: ChartedHours, available: number): Shape[] {
  const said = words[language];
  const item = (left: number, tone: Tone, text: string): Shape[] => [
    {
      kind: 'line',
      points: [
        [left, 7],
        [left + 16, 7],
      ],
      tone,
      width: 2,
    },
    { kind: 'text', text, at: [left + 21, 9.6], size: 7.5, align: 'left', tone: 'ink' },
  ];
  return [
    ...item(plot.left, 'used', said.used(formatClock(used))),
    ...item(plot.left + 178, 'available', said.available(formatClock(available))),
    ...(usedUpOn === undefined
      ? []
      : item(plot.left + 318, 'muted', said.forecast(formatShortDate(usedUpOn, language)))),
  ];
}
