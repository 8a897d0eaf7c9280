/** Why a workflow is not well, in words that a person understands. */
import type { Text } from '../../rules/engine/basics/text';

/** What is wrong, by code; the detail that the server or the workflow gave, if any, follows it. */
const words: Record<string, Text> = {
  throws: {
    sv: 'det går inte att ta emot det senaste som kom: programmet slutar med ett fel varje gång',
    en: 'it cannot take in what came last: the program fails at it every time',
  },
  otherVersion: {
    sv: 'en annan version av programmet började här, och den nu körande versionen kan inte gå vidare',
    en: 'another version of the program began it, and the one that runs now cannot go on',
  },
  timesOut: {
    sv: 'ett steg blir aldrig färdigt i tid',
    en: 'a step is never done in time',
  },
  tooLarge: { sv: 'ett steg blir för stort för servern', en: 'a step is too large for the server' },
  taskFails: { sv: 'ett steg misslyckas varje gång', en: 'a step fails every time' },
  untaken: {
    sv: 'ingen arbetsprocess tar dess steg',
    en: 'no worker takes its tasks',
  },
  leftBehind: {
    sv: 'versionen av programmet som det körs på finns inte längre, och den nu körande kan inte gå vidare',
    en: 'the version of the program that it is on is gone, and the one that runs now cannot go on',
  },
  endedByServer: { sv: 'Temporal avslutade det', en: 'Temporal ended it' },
  endedByPerson: {
    sv: 'någon avslutade det; det startas inte av sig självt',
    en: 'somebody ended it; it is not brought back by itself',
  },
  endedItself: { sv: 'det tog slut i förtid', en: 'it came to an end before its time' },
  unknownRun: {
    sv: 'det finns inte i Temporal: det startade aldrig, eller är borttaget',
    en: 'Temporal does not have it: it never started, or was removed',
  },
  fast: {
    sv: 'historiken växer mycket snabbare än den ska',
    en: 'its history grows much faster than it should',
  },
  long: {
    sv: 'historiken närmar sig gränsen där Temporal avslutar det',
    en: 'its history comes near the limit at which Temporal ends it',
  },
};

/** @example sickWords('fast', '7500 events a minute').en // 'its history grows much faster than it should (7500 …)' */
export function sickWords(code: string, detail: string): Text {
  const { sv, en } = words[code] ?? { sv: code, en: code };
  const after = detail === '' ? '' : ` (${detail})`;
  return { sv: `${sv}${after}`, en: `${en}${after}` };
}
