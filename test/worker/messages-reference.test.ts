import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { isOpenDay } from '../../rules/engine/calendar/calendar';
import { messagesReference } from '../../worker/reference/messages-reference';
import { readFields } from '../../workflows/messages/fields';
import { messageNames, messages } from '../../workflows/messages/messages';
import { monitoringMessages } from '../../workflows/messages/monitoring-messages';

it('docs/signals.md is what the messages say', () => {
  expect(readFileSync(path.join(projectRoot, 'docs/signals.md'), 'utf8')).toBe(messagesReference());
});

it.each(messageNames)('the example of %s is one that its own fields allow', (name) => {
  const read = readFields({ agreement: 'x', ...messages[name].example }, 'x', messages[name].fields);
  expect(read).toHaveProperty('value');
});

it.each([...Object.entries(messages), ...Object.entries(monitoringMessages)])(
  'the days that the examples of %s name are working days',
  (_name, { example, exampleSv = {} }: { example: object; exampleSv?: object }) => {
    const days = JSON.stringify([example, exampleSv]).match(/\d{4}-\d\d-\d\d/g) ?? [];
    expect(days.filter((day) => !isOpenDay(day))).toEqual([]);
  },
);

it.each(messageNames)('%s is described in both languages, short enough for the picker', (name) => {
  const { description, example } = messages[name];
  for (const text of [description.sv, description.en]) {
    expect(text).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(Buffer.byteLength(`${text} ${JSON.stringify(example)}`)).toBeLessThan(600);
  }
});
