/** The running agreement year: its clock, its plan, its waiting, its journal. The strands tell the story with it. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { condition, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SendNoticeInput } from '../activities/mail';
import type { JournalEntry } from '../activities/progress';
import type { Instant } from '../rules/contract';
import type { Notice, Obligation, Strand, YearPlan } from '../rules/plan';
import { currentDetails, mailSummary, timerSummary } from '../templates/ui/wording';
import { perform, permanentFailure } from './activities';
import { viewOf } from './year-view';
import type { AgreementYearInput, ClosedObligation, YearState } from './year-state';
import { initialState } from './year-state';

const yearNumberKey = defineSearchAttributeKey('YearNumber', SearchAttributeType.INT);
const phaseKey = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
const nextDueKey = defineSearchAttributeKey('NextDue', SearchAttributeType.DATETIME);
const attentionKey = defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD_LIST);

/** The last few things that happened, and the last few rejected signals, are shown on the page. */
const shownLast = 10;

export class Year {
  readonly agreement: string;
  readonly state: YearState;
  /** Nothing new is begun: the period is over, the agreement ended, or the history goes on in a new run. */
  over = false;
  phase: 'waiting' | 'running' | 'closing' = 'waiting';
  private writing = false;
  private shownAttributes = '';

  constructor(readonly input: AgreementYearInput) {
    this.agreement = input.agreement;
    this.state = initialState(input.state);
  }

  /** Now, by the agreement's clock. */
  now(): Instant {
    return new Date(Date.now() + this.input.clockOffset).toISOString();
  }

  /** The plan of the year; there is one before any strand begins. */
  get plan(): YearPlan {
    if (!this.state.plan) throw new Error('the year has no plan yet');
    return this.state.plan;
  }

  get number(): number {
    return this.state.plan?.yearNumber ?? this.input.yearNumber ?? 1;
  }

  obligation(id: string): Obligation | undefined {
    return this.state.plan?.obligations.find((obligation) => obligation.id === id);
  }

  obligations(strand: Strand): Obligation[] {
    return this.plan.obligations.filter((obligation) => obligation.strand === strand);
  }

  isClosed(id: string): boolean {
    return id in this.state.closed;
  }

  /** Whether an obligation was done after its date. */
  isDoneLate(id: string): boolean {
    const closed = this.state.closed[id];
    const due = this.obligation(id)?.dueAt;
    return closed?.state === 'done' && due !== undefined && Date.parse(closed.at) > Date.parse(due);
  }

  /** Obligations of a strand that nobody has closed, in order of their date. */
  open(strand: Strand): Obligation[] {
    return this.obligations(strand).filter(({ id }) => !this.isClosed(id));
  }

  /**
   * Waits for an instant that a re-plan may move.
   * @returns false when `stop` came true or the year was over first
   */
  async until(at: () => Instant | undefined, stop: () => boolean, summary: string): Promise<boolean> {
    for (;;) {
      const due = at();
      if (stop() || this.over || due === undefined) return false;
      const milliseconds = Date.parse(due) - Date.parse(this.now());
      if (milliseconds <= 0) return true;
      const { plan } = this.state;
      await condition(() => stop() || this.over || this.state.plan !== plan, milliseconds, { summary });
    }
  }

  /** Carries every obligation of a strand at the same time, also those that a re-plan adds. */
  async each(strand: Strand, carry: (id: string) => Promise<void>): Promise<void> {
    const carried = new Map<string, Promise<void>>();
    while (!this.over) {
      const { plan } = this;
      for (const { id } of this.obligations(strand)) if (!carried.has(id)) carried.set(id, carry(id));
      await condition(() => this.over || this.plan !== plan);
    }
    await Promise.all(carried.values());
  }

  /** Sends each notice of an obligation when it falls due, until somebody closes it or the year is over. */
  async remindUntilClosed(id: string): Promise<void> {
    const stop = (): boolean => this.isClosed(id);
    while (!stop() && !this.over) {
      await this.sendNotices(id);
      const { plan } = this;
      await condition(() => stop() || this.over || this.plan !== plan);
    }
  }

  /** Sends the notices of an obligation when they fall due, until none is left, it is closed or the year is over. */
  async sendNotices(id: string): Promise<void> {
    const stop = (): boolean => this.isClosed(id);
    for (let notice = this.nextNotice(id); notice && !stop() && !this.over; notice = this.nextNotice(id)) {
      const { step } = notice;
      const at = (): Instant | undefined =>
        this.obligation(id)?.notices.find((other) => other.step === step)?.at;
      if (await this.until(at, stop, timerSummary(step, id, this.input.language)))
        await this.notify(id, notice);
      else if (at() !== undefined) return;
    }
  }

  /** The first notice of an obligation, as now planned, that has not been sent. */
  private nextNotice(id: string): Notice | undefined {
    const obligation = this.obligation(id);
    return obligation?.notices.find(
      ({ step }) => !this.state.sent.includes(`${id}#${obligation.revision}/${step}`),
    );
  }

  private async notify(id: string, notice: Notice): Promise<void> {
    const revision = this.obligation(id)?.revision ?? 1;
    this.state.sent.push(`${id}#${revision}/${notice.step}`);
    await this.mail({
      obligation: id,
      step: notice.step,
      revision,
      template: notice.template,
      ...audience(notice),
    });
  }

  /**
   * Sends a mail to whom it concerns. What fails for good never fails the agreement: it is shown, told and kept.
   * Returns when it is through, or when the year is over: then the next run sees to it.
   */
  async mail(what: Omit<SendNoticeInput, 'agreement' | 'year' | 'asOf'> & { year?: number }): Promise<void> {
    const mail: SendNoticeInput = { agreement: this.agreement, year: this.number, asOf: this.now(), ...what };
    this.state.owedMails.push(mail);
    const over = condition(() => this.over && this.phase !== 'closing');
    await Promise.race([this.deliver(mail), over]);
  }

  /** Delivers an owed mail; called again by the next run for what this one leaves. */
  async deliver(mail: SendNoticeInput): Promise<void> {
    try {
      const summary = mailSummary(mail.template, mail.obligation, this.input.language);
      const outcome = await perform('sendNotice', mail, summary);
      for (const { contact, reason } of outcome.refused) this.addressRefused(mail, contact, reason);
      for (const key of outcome.unknown)
        this.raise(
          'mail-unknown',
          key,
          'It is not known whether this mail went out: settle it with `mails`.',
        );
    } catch (error) {
      const reason = permanentFailure(error)?.message ?? String(error);
      this.state.failedMails.push(mail);
      this.raise('mail-failed', `${mail.obligation}/${mail.step}`, reason);
    }
    this.state.owedMails = this.state.owedMails.filter((other) => other !== mail);
    this.show();
  }

  /** An address that refuses is told to a person: the consultant, or the manager if it is the consultant's own. */
  private addressRefused(mail: SendNoticeInput, contact: string, reason: string): void {
    if (!this.raise('address-refused', contact, reason)) return;
    const to = contact === 'consultant' ? 'manager' : 'consultant';
    if (mail.template === 'attention' && contact === 'manager') return;
    void this.mail({
      obligation: `contact/${contact}`,
      step: 'refused',
      revision: 1,
      template: 'attention',
      to,
      attention: { code: 'address-refused', detail: `${contact}: ${reason}` },
    });
  }

  /** Closes an obligation and writes it down. Closing twice is harmless. */
  close(id: string, how: Omit<ClosedObligation, 'at'> & { note?: string }): void {
    if (this.isClosed(id)) return;
    const { note, ...closed } = how;
    this.state.closed[id] = { at: this.now(), ...closed };
    this.record({
      kind: 'phase',
      ref: id,
      detail: { state: how.state },
      obligation: { id, ...closed, ...(note === undefined ? {} : { note }) },
    });
  }

  /** Raises attention on the agreement's page. @returns false if it was raised already */
  raise(code: string, subject: string, detail: string): boolean {
    const raised = { code, subject, detail, at: this.now() };
    if (this.state.attention.some((other) => other.code === code && other.subject === subject)) return false;
    this.state.attention.push(raised);
    this.record({
      kind: 'attention',
      ref: code,
      detail: { subject, detail },
      attention: { ...raised, cleared: false },
    });
    return true;
  }

  /** Takes attention back: its cause is mended. */
  clear(code: string): void {
    for (const item of this.state.attention.filter((other) => other.code === code))
      this.record({
        kind: 'attention',
        ref: code,
        detail: { cleared: true },
        attention: { ...item, cleared: true },
      });
    this.state.attention = this.state.attention.filter((other) => other.code !== code);
  }

  /** Writes an entry into the journal; it reaches PostgreSQL with the next ones. */
  record(entry: Omit<JournalEntry, 'id' | 'at'>): void {
    this.state.sequence += 1;
    const at = this.now();
    this.state.journal.push({ id: String(this.state.sequence), at, ...entry });
    if (entry.kind !== 'attention')
      this.state.last = [{ at, text: `${entry.kind} ${entry.ref}` }, ...this.state.last].slice(0, shownLast);
    this.show();
  }

  /** Writes the journal to PostgreSQL until the run is done with everything. */
  async keepJournal(): Promise<void> {
    for (;;) {
      await condition(() => this.state.journal.length > 0);
      const entries = this.state.journal;
      this.state.journal = [];
      this.writing = true;
      try {
        await perform('recordProgress', { agreement: this.agreement, year: this.number, entries });
      } catch (error) {
        const detail = permanentFailure(error)?.message ?? String(error);
        this.state.attention.push({ code: 'journal-failed', subject: 'database', detail, at: this.now() });
      }
      this.writing = false;
    }
  }

  /** Waits until nothing that happened is left unwritten. */
  async settled(): Promise<void> {
    await condition(() => !this.writing && this.state.journal.length === 0);
  }

  /** The period has begun. */
  begin(): void {
    this.phase = 'running';
    if (this.state.begun) return;
    this.state.begun = true;
    this.record({
      kind: 'agreement',
      ref: 'year-started',
      detail: { from: this.plan.from, to: this.plan.to },
    });
  }

  /** Writes down that a message was not taken, and why; shown on the page. */
  reject(signal: string, reason: string): void {
    const at = this.now();
    this.state.rejected = [{ at, signal, reason }, ...this.state.rejected].slice(0, shownLast);
    this.record({ kind: 'rejected', ref: signal.slice(0, 100), detail: { reason } });
  }

  /** Whether the history has grown so long that the year goes on in a new run. */
  historyIsLong(): boolean {
    return workflowInfo().continueAsNewSuggested;
  }

  /** Brings the page in the Web UI up to date: details, and search attributes where they changed. */
  show(): void {
    setCurrentDetails(currentDetails(viewOf(this), this.input.language));
    if (!this.state.plan) return;
    const due = this.plan.obligations.find(
      ({ id, strand }) => strand !== 'close' && !this.isClosed(id),
    )?.dueAt;
    const codes = [...new Set(this.state.attention.map(({ code }) => code))].sort();
    const attributes = JSON.stringify([this.number, this.phase, due, codes]);
    if (attributes === this.shownAttributes) return;
    this.shownAttributes = attributes;
    upsertSearchAttributes([
      { key: yearNumberKey, value: this.number },
      { key: phaseKey, value: this.phase },
      { key: nextDueKey, value: due === undefined ? null : new Date(due) },
      { key: attentionKey, value: codes },
    ]);
  }
}

function audience({ to, roles }: Notice): Pick<Notice, 'to' | 'roles'> {
  return roles === undefined ? { to } : { to, roles };
}
