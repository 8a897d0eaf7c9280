import { askTakeOver, takeOverUntold } from '../../worker/commands/sign/ask-take-over';
import { exampleContract } from '../helpers/example';

const contract = exampleContract({ agreement: 'a-1', signedOn: '2026-05-12', startsOn: '2026-06-01' });
const asOf = '2026-11-10T12:00:00.000Z';

/** Answers the questions in turn. @returns what was told, the questions, and what was said about answers */
async function told(answers: string[], on = contract, language: 'sv' | 'en' = 'sv') {
  const [questions, remarks]: [string[], string[]] = [[], []];
  const left = [...answers];
  const takeOver = await askTakeOver(on, asOf, language, {
    ask: (question) => {
      questions.push(question);
      const answer = left.shift();
      return answer === undefined ? Promise.reject(new Error('asked too often')) : Promise.resolve(answer);
    },
    tell: (line) => void remarks.push(line),
  });
  expect(left).toEqual([]);
  return { takeOver, questions, remarks };
}

describe('what lies behind an agreement that began before it is signed here', () => {
  it.each(['n', 'nej', ' No '])('is nothing if it is not taken over: "%s"', async (answer) => {
    expect(await told([answer])).toMatchObject({
      takeOver: undefined,
      questions: [
        'a-1 började 2026-06-01. Tas det över, med det som hittills har gjorts i år bakom sig? [j/n] ',
      ],
    });
  });

  it.each(['', ' ', 'kanske', 'ja tack', '1'])(
    'is asked again after what is neither yes nor no: "%s"',
    async (answer) => {
      const { takeOver, questions, remarks } = await told([answer, 'nej']);
      expect([takeOver, questions.length, remarks]).toEqual([undefined, 2, ['Svara ja eller nej.']]);
      expect(questions[1]).toBe(questions[0]);
    },
  );

  it('asks again whether the upgrade is done; Enter alone is no', async () => {
    expect(await told(['j', '', '', 'klar', 'ja'])).toMatchObject({
      takeOver: { upgrade: 'done' },
      remarks: ['Svara ja eller nej.'],
    });
  });

  it('is told as in a table', async () => {
    expect(await told(['ja', '34,5', '2026-07-02, 2026-10-06', 'j'])).toMatchObject({
      takeOver: { hoursUsed: 34.5, meetingsHeld: ['2026-07-02', '2026-10-06'], upgrade: 'done' },
      remarks: [],
    });
    expect((await told(['y', '', '', ''], contract, 'en')).takeOver).toEqual({ upgrade: 'open' });
  });

  it('has hours from the year before only in a later year', async () => {
    const older = { ...contract, signedOn: '2025-05-12', startsOn: '2025-06-01' };
    expect(await told(['j', '', '12:30', '', 'n'], older)).toMatchObject({
      takeOver: { hoursRolledIn: 12.5, upgrade: 'open' },
      questions: expect.arrayContaining([expect.stringContaining('Dagar sedan 2026-06-01')]) as string[],
    });
  });

  it('is asked again until it can be used', async () => {
    const { takeOver, remarks } = await told([
      'j',
      'många',
      '1,450',
      '8',
      '2026-05-20',
      'i juli',
      '2026-07-02',
      'n',
    ]);
    expect(takeOver).toEqual({ hoursUsed: 8, meetingsHeld: ['2026-07-02'], upgrade: 'open' });
    expect(remarks).toEqual([
      'takeover.hoursUsed: förväntade timmar med högst två decimaler, hittade "många"',
      'takeover.hoursUsed: förväntade timmar med högst två decimaler, hittade "1,450"',
      'takeover.meetingsHeld[0]: förväntade en dag från 2026-06-01 till 2026-11-10, avtalsåret hittills, varje dag en gång, hittade 2026-05-20',
      'takeover.meetingsHeld[0]: förväntade ett datum som 2027-01-31, hittade "i juli"',
    ]);
  });

  it('has to be said where nobody can be asked', () => {
    expect(takeOverUntold(contract, 'sv')).toContain('eller ge --not-taken-over');
    expect(takeOverUntold(contract, 'en')).toContain('or give --not-taken-over');
  });
});
