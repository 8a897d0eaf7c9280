import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { messagesReference } from '../../worker/reference/messages-reference';
import { readFields } from '../../workflows/messages/fields';
import { messageNames, messages } from '../../workflows/messages/messages';

it('docs/signals.md is what the messages say', () => {
  expect(readFileSync(path.join(projectRoot, 'docs/signals.md'), 'utf8')).toBe(messagesReference());
});

it.each(messageNames)('the example of %s is one that its own fields allow', (name) => {
  const read = readFields({ agreement: 'x', ...messages[name].example }, 'x', messages[name].fields);
  expect(read).toHaveProperty('value');
});

it.each(messageNames)('%s is described in both languages, short enough for the picker', (name) => {
  const { description, example } = messages[name];
  for (const text of [description.sv, description.en]) {
    expect(text).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(Buffer.byteLength(`${text} ${JSON.stringify(example)}`)).toBeLessThan(600);
  }
});
