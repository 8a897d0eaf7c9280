/** Text made safe and short for Temporal's UI. Pure: the workflow sandbox has no `Buffer`. */
import { oneLine } from '../../rules/engine/basics/one-line';

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The text itself if it has at most `maxBytes`, otherwise as much of it as fits before `mark`. */
export function cutBytes(text: string, maxBytes: number, mark = '…'): string {
  if (byteLength(text) <= maxBytes) return text;
  const room = maxBytes - byteLength(mark);
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + mark;
}

/** What people and outside systems wrote, on one line, cut, with nothing that markdown would act on. */
export function plainMarkdown(text: string, maxCharacters: number): string {
  const line = oneLine(text);
  const characters = Array.from(line);
  const short =
    characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join('')}…` : line;
  return short.replace(/[\\`*_[\]<>|~]/g, '\\$&');
}

/** Most characters of an example that is shown on one line: a phone has no room for more. */
const shortExample = 40;

/** A message with its content ready to copy, as markdown. A fenced block cannot hold a fence: back ticks are left out. */
export function messageBlock({ name, example }: { name: string; example: object }): string {
  const compact = JSON.stringify(example);
  const json = compact.length > shortExample ? JSON.stringify(example, null, 2) : compact;
  return `**${plainMarkdown(name, 80)}**\n\`\`\`json\n${cutBytes(json.replaceAll('`', ''), 900)}\n\`\`\``;
}
