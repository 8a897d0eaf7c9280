/**
 * Somebody who lives through an agreement's years as it happens to be, from a seed, on a system whose parts come and go:
 * what is not answered is sent again until it is. Keeps a story of what was sent and what was answered.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Db } from '../../activities/db';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { addDays } from '../../rules/engine/calendar/dates';
import { shortId } from '../../rules/engine/basics/short-id';
import { inPhaseOrder } from '../../rules/engine/upgrade/in-phase-order';
import type { Overview } from '../../templates/ui/overview';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import type { Sent } from '../auditor/evidence';
import { completedPhase } from './completed-phase';

/** Milliseconds for one try, and until nobody tries any more. */
const [tryWithin, giveUpAfter] = [5_000, 600_000];

/** Tries until it succeeds. */
export async function untilDone<T>(work: () => Promise<T>, what: string): Promise<T> {
  for (const giveUpAt = Date.now() + giveUpAfter; ; await pause(300)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > giveUpAt) throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** What a person does at an instant. */
export interface Deed {
  /** A day of the year, and an hour in UTC. */
  on: LocalDate;
  hour: number;
  act: (person: ChaosPerson) => Promise<unknown>;
}

/** The next day that is no weekend. */
function weekday(on: LocalDate): LocalDate {
  const day = new Date(on).getUTCDay();
  return day === 6 ? addDays(on, 2) : day === 0 ? addDays(on, 1) : on;
}

const nonsense: [name: string, input: unknown][] = [
  ['meetingHeld', []],
  ['hoursUsed', { hours: -1 }],
  ['hoursUsed', 'text'],
  ['noSuchSignal', 7],
  ['startStepCompleted', { step: { x: '\u0000' } }],
  ['meetingBooked', { agreement: 'other' }],
];

interface World {
  client: Client;
  db: Db;
  agreement: string;
  /** The agreement's now. */
  now: () => Promise<string>;
  /** Folder of the mails that came. */
  mails: string;
}

export class ChaosPerson {
  readonly story: Sent[] = [];
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly next: () => number,
  ) {}

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** Words that nobody else uses. */
  words(): string {
    return `${this.world.agreement}-ord-${(this.count += 1)}`;
  }

  private within<T>(work: () => Promise<T>): Promise<T> {
    return this.world.client.connection.withDeadline(Date.now() + tryWithin, work);
  }

  /** Sends a message until it is answered, now and then as an update. */
  async say(name: string, input: unknown, more: Pick<Sent, 'senseless' | 'undoes'> = {}): Promise<Sent> {
    const via = !more.senseless && this.chance(0.3) ? 'update' : 'signal';
    const sent: Sent = { at: await this.world.now(), name, input, via, tries: 0, answer: 'none', ...more };
    this.story.push(sent);
    const handle = this.world.client.workflow.getHandle(workflowIdOf(this.world.agreement));
    const updateId = `${this.world.agreement}-${this.story.length}`;
    await untilDone(async () => {
      sent.tries += 1;
      try {
        await this.within<unknown>(() =>
          via === 'update'
            ? handle.executeUpdate(name, { args: [input], updateId })
            : handle.signal(name, input),
        );
        sent.answer = 'taken';
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) sent.answer = 'refused';
        else if (error instanceof WorkflowNotFoundError) sent.answer = 'late';
        else throw error;
      }
    }, `${this.world.agreement}: ${name}`);
    return sent;
  }

  async reportHours(): Promise<void> {
    const input = {
      hours: (1 + Math.floor(this.next() * 32)) / 4,
      ref: this.words(),
      by: 'anna',
      confirm: true,
    };
    const { answer } = await this.say('hoursUsed', input);
    if (answer === 'taken' && this.chance(0.15)) return this.takeBack('hoursUsed', input);
    if (this.chance(0.2)) await this.say('hoursUsed', input, { senseless: true });
    if (this.chance(0.2)) {
      const hours = (1 + Math.floor(this.next() * 32)) / 4;
      await this.say('hoursCorrected', { ref: input.ref, hours, reason: this.words(), confirm: true });
    }
  }

  /** Takes the last step back, if it is this one. */
  private async takeBack(name: string, input: unknown): Promise<void> {
    const handle = this.world.client.workflow.getHandle(workflowIdOf(this.world.agreement));
    const { undo } = await untilDone(
      () => this.within(() => handle.query<Overview>('overview')),
      `${this.world.agreement} says what can be undone`,
    );
    if (undo?.name === name) await this.say('stepUndone', { step: undo.step }, { undoes: { name, input } });
  }

  private rows<T extends object>(sql: string): Promise<T[]> {
    return untilDone(() => this.world.db.query<T>(sql, [this.world.agreement]), sql);
  }

  /** Says of the open phase of the upgrade that it is done, as one who reads the page. */
  async completePhase(on: LocalDate): Promise<void> {
    const open = await this.rows<{ id: string; opensAt: string; dueOn: string; after: string | null }>(
      `select id, opens_at as "opensAt", due_on as "dueOn", after from obligations
        where agreement = $1 and year = 1 and strand = 'upgrade' and state = 'open' order by due_on, id`,
    );
    const [phase] = inPhaseOrder(open as Parameters<typeof inPhaseOrder>[0]);
    if (!phase) return;
    const failed = this.chance(0.1);
    const name = shortId(phase.id);
    if (failed) await this.say('upgradePhaseFailed', { phase: name, then: 'again', reason: this.words() });
    else await this.say('upgradePhaseCompleted', { ...completedPhase(name, on), confirmed: true });
  }

  /** Asks for something on the page that a mail links to. */
  async askOnPage(): Promise<void> {
    const link = readdirSync(this.world.mails)
      .filter((file) => file.endsWith('.eml'))
      .map((file) => readFileSync(path.join(this.world.mails, file), 'latin1').replace(/=\r\n/g, ''))
      .filter((text) => text.includes(`<${this.world.agreement}.`))
      .flatMap((text) => /http:\/\/127\.0\.0\.1:\d+\/pages\/[\w.-]+/.exec(text) ?? [])[0];
    if (link === undefined) return;
    const words = this.words();
    const open = async (): Promise<string> => {
      const answer = await fetch(link, { signal: AbortSignal.timeout(tryWithin) });
      if (answer.status >= 500) throw new Error(`the page answered ${answer.status}`);
      return answer.text();
    };
    const html = await untilDone(open, `the page of ${this.world.agreement}`);
    const form = /name="form" value="([^"]+)"/.exec(html)?.[1];
    if (form === undefined || !html.includes('contact-asked')) return;
    const sent: Sent = {
      ...{ at: await this.world.now(), name: 'customerAsks', input: words },
      ...{ via: 'page', tries: 0, answer: 'none' },
    };
    this.story.push(sent);
    const body = new URLSearchParams({ form, do: 'contact-asked', changed: words });
    const post = async (): Promise<void> => {
      sent.tries += 1;
      const answer = await fetch(link, { method: 'POST', body, signal: AbortSignal.timeout(tryWithin) });
      if (answer.status >= 500) throw new Error(`the page answered ${answer.status}`);
      sent.answer = answer.ok ? 'taken' : 'refused';
    };
    await untilDone(post, `the page of ${this.world.agreement} is written on`);
  }
}

/** What a person does in a year that begins on a day, in order; drawn from a seed. */
export function deedsOf(person: ChaosPerson, startsOn: LocalDate, share = 1): Deed[] {
  const deeds: Deed[] = [];
  const day = (days: number): LocalDate => weekday(addDays(startsOn, days));
  const at = (on: LocalDate, act: Deed['act'], hour = 10): void => void deeds.push({ on, hour, act });
  const anyDay = (): LocalDate =>
    day(8 + Math.floor(person.chance(0.5) ? 170 * drawn() : 170 + 160 * drawn()));
  const drawn = (): number => person.pick([...Array(100).keys()]) / 100;
  for (const step of ['start/consultant', 'start/kickoff', 'start/monitoring'])
    if (person.chance(0.7))
      at(day(5 + Math.floor(drawn() * 12)), (one) => one.say('startStepCompleted', { step }));
  for (let number = 1; number <= 4; number += 1) addMeeting(number, day((number - 1) * 80 + 15), person, at);
  const phases = person.chance(0.7) ? 12 : 3;
  for (let index = 0; index < phases; index += 1) {
    const on = day(125 + index * 9);
    at(on, (one) => one.completePhase(on), 11);
  }
  for (let left = Math.round(7 * share); left > 0; left -= 1) at(anyDay(), (one) => one.reportHours());
  for (let left = Math.round(2 * share); left > 0; left -= 1) {
    at(anyDay(), (one) => one.say('noteAdded', { kind: 'other', text: one.words() }));
    at(anyDay(), (one) => one.say(...one.pick(nonsense), { senseless: true }));
  }
  at(anyDay(), (one) => one.say('improvementAdded', { title: one.words(), hours: 2.5 }));
  at(anyDay(), (one) => one.askOnPage());
  // One in eight is ended within the year; what is said later comes too late.
  const on = day(200 + Math.floor(drawn() * 100));
  if (person.chance(0.12))
    at(addDays(on, -20), (one) => one.say('agreementTerminated', { on, reason: one.words() }));
  return deeds.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.hour - b.hour));
}

/** A meeting's fate: booked, perhaps moved, and held; booked and forgotten; declined; or nothing. */
function addMeeting(
  number: number,
  on: LocalDate,
  person: ChaosPerson,
  at: (on: LocalDate, act: Deed['act'], hour?: number) => void,
): void {
  const meeting = `meeting-${number}`;
  const [booked, moved] = [weekday(addDays(on, 30)), weekday(addDays(on, 37))];
  const book = (day: LocalDate) => (one: ChaosPerson) =>
    one.say('meetingBooked', { meeting, on: day, at: '13:30', place: one.words(), confirmed: true });
  const fate = person.chance(0.6) ? 'held' : person.pick(['forgotten', 'declined', 'silent']);
  if (fate === 'declined') at(on, (one) => one.say('meetingDeclined', { meeting, reason: one.words() }));
  if (fate !== 'held' && fate !== 'forgotten') return;
  at(on, book(booked), 9);
  const isMoved = person.chance(0.3);
  if (isMoved) at(addDays(on, 3), book(moved), 9);
  if (fate === 'held')
    at(isMoved ? moved : booked, (one) => one.say('meetingHeld', { meeting, note: one.words() }), 15);
}
