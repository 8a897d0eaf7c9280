/** `docs/signals.md`: every message people can send to an agreement, as `workflows/messages/messages.ts` declares it. */
import type { FieldKind } from '../../workflows/messages/fields';
import type { MessageDoc } from '../../workflows/messages/messages';
import { isSentByPeople, messageNames, messages } from '../../workflows/messages/messages';

const kinds: Record<FieldKind, string> = {
  text: 'text',
  number: 'number',
  hours: 'hours, as 1.5 or 1:30',
  minutes: 'minutes, as 90 or 1:30',
  date: 'YYYY-MM-DD',
  time: 'HH:MM',
  moment: 'YYYY-MM-DD HH:MM',
  flag: 'true/false',
  texts: 'list of texts',
  versions: '{id: version}',
  actions: 'list of {what, owner, due}',
};

/** The whole document, in Markdown. */
export function messagesReference(): string {
  const people = messageNames.filter(isSentByPeople);
  const ours = messageNames.filter((name) => !isSentByPeople(name));
  return [
    '# Signals and updates',
    '',
    'Written by `npm run schema` from `workflows/messages/messages.ts`. Each exists as a signal and as an update of the same name. All',
    'fields may be left out unless the text says otherwise: an omitted meeting, phase or step means the one that is open.',
    'Each also takes `agreement` (rejected if it is another) and `by` (your name).',
    '',
    ...people.flatMap(section),
    '## Sent by the system',
    '',
    ...ours.flatMap((name) => [`- \`${name}\`: ${(messages[name] as MessageDoc).description.en}`]),
    '- `mailReturned`: A digest that was due for the agreement did not simply go out. A signal only.',
    '- `digestsChanged`, to `digests-<reader>`: An agreement of the reader was planned, or has another reader. A signal only.',
    '- `versionOffered`, to every workflow: Sent by `deploy`; the run goes on with that version of the program at its next quiet point. A signal only.',
    '',
  ].join('\n');
}

function section(name: keyof typeof messages): string[] {
  const { description, example, fields } = messages[name] as MessageDoc;
  const taken = Object.entries(fields).map(([field, kind]) => `\`${field}\` ${kinds[kind]}`);
  return [
    `## ${name}`,
    '',
    `${description.en}<br>_${description.sv}_`,
    '',
    ...(taken.length > 0 ? [`Fields: ${taken.join(' · ')}`, ''] : []),
    '```json',
    JSON.stringify(example),
    '```',
    '',
  ];
}
