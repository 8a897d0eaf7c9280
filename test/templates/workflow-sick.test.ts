import type { SickMailData, SickMailWorkflow } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import { sickWords } from '../../templates/words/sick-words';

const workflow: SickMailWorkflow = {
  id: 'agreement-testbolaget-2027',
  kind: 'failing',
  agreement: 'testbolaget-2027',
  customer: 'Testbolaget AB',
  reason: sickWords('throws', 'x < y'),
  since: '2027-02-16T08:52:00.000Z',
};

const data = (sick: SickMailWorkflow[], healed: SickMailWorkflow[] = []): SickMailData => ({
  recipient: { name: 'Mats Holm', party: 'manager' },
  workflows: { count: sick.length, sick, more: 0, healedCount: healed.length, healed, moreHealed: 0 },
});

describe.each([
  ['sv', 'kommer inte vidare', 'mår bra igen', 'Det har startats igen av sig självt', '16 feb 2027'],
  ['en', 'cannot go on', 'is well again', 'It was brought back by itself', '16 Feb 2027'],
] as const)('in %s', (language, kind, again, broughtBack, day) => {
  it('one that is not well is named with what is wrong, since when and what to do', () => {
    const { subject, text, html } = renderMail('workflow-sick', language, data([workflow]));
    expect(subject).toBe(`agreement-testbolaget-2027 ${kind}`);
    for (const part of [text, html]) {
      expect(part).toContain('npx serviceavtal agreements cure agreement-testbolaget-2027');
      expect(part).toContain('testbolaget-2027 · Testbolaget AB');
      expect(part).toContain(kind);
      expect(part).toContain(day);
      expect(part).not.toContain(broughtBack);
    }
    expect(text).toContain('(x < y).');
    expect(html).toContain('(x &lt; y).');
  });

  it('one that was brought back is told so, and nothing is asked for', () => {
    const { text, html } = renderMail(
      'workflow-sick',
      language,
      data([{ ...workflow, kind: 'ended', broughtBack: true }]),
    );
    for (const part of [text, html]) {
      expect(part).toContain(broughtBack);
      expect(part).not.toContain('agreements cure');
    }
  });

  it('one that is well again is told so', () => {
    const { subject, text, html } = renderMail('workflow-sick', language, data([], [workflow]));
    expect(subject).toBe(`agreement-testbolaget-2027 ${again}`);
    for (const part of [text, html]) {
      expect(part).toContain('agreement-testbolaget-2027');
      expect(part).not.toContain('agreements cure');
    }
  });
});
