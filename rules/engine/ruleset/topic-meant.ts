import { didYouMean } from '../basics/did-you-mean';
import { topics } from './term-catalogue';
import type { Topic } from './term-catalogue';

/** What a Swede calls a topic. */
const topicWords: Record<Topic, string[]> = {
  meetings: ['möten', 'moten', 'förvaltningsmöten'],
  upgrade: ['uppgradering'],
  monitoring: ['övervakning', 'overvakning'],
  support: ['supporttid'],
  hourBank: ['timbank', 'timbanken', 'hourbank', 'hour-bank'],
  invoicing: ['fakturering', 'faktura', 'fakturor'],
  notices: ['mejl', 'notiser', 'påminnelser'],
  start: ['uppstart'],
  calendar: ['kalender'],
};

/** The topic that a file's name stands for, also misspelled or in Swedish; nothing for other names. */
export function topicMeant(name: string): Topic | undefined {
  const word = name.normalize('NFC').toLowerCase();
  return topics.find((topic) => {
    const names = [topic, ...topicWords[topic]];
    return names.some((each) => each.toLowerCase() === word) || didYouMean(name, names).en !== '';
  });
}
