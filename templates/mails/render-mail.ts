/** A mail's subject, HTML and text, from its template and checked data. Templates are read at load, compiled once. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { oneLine, onOneLine, withoutUnseen } from '../../rules/engine/basics/one-line';
import type { Language } from '../../rules/engine/basics/text';
import { templateIds } from '../../rules/engine/plan/plan';
import type { TemplateId } from '../../rules/engine/plan/plan';
import { checkMailData } from './check-mail-data';
import { createHelpers } from './helpers';
import { inlineStyles } from './inline-styles';
import type { AnyMailData } from './mail-data';
import { softBreaks } from './soft-breaks';

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

type Format = 'html' | 'text';
type Template = Handlebars.TemplateDelegate<AnyMailData>;
type Compile = (source: string) => Template;

/** One Handlebars of our own per language and format: its helpers, partials and escaping. */
function createEnvironment(language: Language, format: Format): Compile {
  const handlebars = Handlebars.create();
  const helpers = createHelpers(language);
  handlebars.registerHelper(helpers);
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  const compile: Compile = (source) =>
    handlebars.compile(format === 'html' ? inlineStyles(source) : source, {
      strict: true,
      knownHelpersOnly: true,
      knownHelpers: knownHelpers as Record<string, true> & KnownHelpers,
      noEscape: format === 'text',
    });
  for (const folder of [join(__dirname, 'partials'), join(__dirname, 'partials', language)]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith(`.${format}.hbs`))) {
      const name = file.slice(0, -`.${format}.hbs`.length);
      handlebars.registerPartial(name, compile(readFileSync(join(folder, file), 'utf8')));
    }
  }
  return compile;
}

interface Message {
  subject: Template;
  html: Template;
  text: Template;
}

interface Room {
  messages: Record<TemplateId, Message>;
  layouts: Record<Format, Template>;
}

function readRoom(language: Language): Room {
  const compile = { html: createEnvironment(language, 'html'), text: createEnvironment(language, 'text') };
  const read = (...path: string[]): string => readFileSync(join(__dirname, ...path), 'utf8');
  const message = (id: TemplateId): Message => ({
    subject: compile.text(read(id, language, 'subject.hbs')),
    html: compile.html(read(id, language, 'html.hbs')),
    text: compile.text(read(id, language, 'text.hbs')),
  });
  return {
    messages: Object.fromEntries(templateIds.map((id) => [id, message(id)])) as Record<TemplateId, Message>,
    layouts: {
      html: compile.html(read('layouts', 'html.hbs')),
      text: compile.text(read('layouts', 'text.hbs')),
    },
  };
}

const rooms: Record<Language, Room> = { sv: readRoom('sv'), en: readRoom('en') };

/** What programs printed and what support is to do, step by step: shown with its lines. */
const blocks = ['answer', 'detail', 'example', 'runbook'];

/** Data whose texts are one line each, blocks excepted: nobody's name or place adds a line to what we say. */
function inLines<T>(value: T, name = ''): T {
  if (typeof value === 'string')
    return (blocks.includes(name) ? withoutUnseen(value) : onOneLine(value)) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => inLines(item)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inLines(inner as unknown, key)]),
  ) as T;
}

/** At most one empty line in a row, none at the ends, no trailing blanks. */
function tidyText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '');
  return `${lines.replace(/\n{3,}/g, '\n\n').trim()}\n`;
}

/** Characters; phones show fewer. */
const longestPreheader = 140;

/**
 * What an inbox shows beside the subject: how the mail begins, from its first sentence on, so without the greeting and the box
 * that says what the subject says.
 */
function preheaderOf(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  const from = paragraphs.findIndex((paragraph) => /[.:?!]$/m.test(paragraph));
  const words = oneLine(paragraphs.slice(Math.max(0, from)).join(' '));
  return words.length <= longestPreheader
    ? words
    : `${words.slice(0, longestPreheader).replace(/\s+\S*$/, '')} …`;
}

/**
 * Renders one message.
 * @param id Which message; its folder in `templates/mails/`.
 * @param data Checked against the template's `schema.json` first.
 * @throws {MailDataError} naming template, path, expected and found, if the data does not suffice.
 * @throws {Error} naming the template, if its wording cannot be filled in.
 */
export function renderMail(id: TemplateId, language: Language, data: AnyMailData): RenderedMail {
  checkMailData(id, data);
  const { messages, layouts } = rooms[language];
  const message = messages[id];
  const shown = inLines(data);
  try {
    // Header fields end at a line break.
    const subject = oneLine(message.subject(shown));
    const preheader = preheaderOf(message.text(shown, { data: { subject, language } }));
    const frame = { subject, language, preheader };
    const html = softBreaks(layouts.html(shown, { data: frame, partials: { body: message.html } }));
    const text = layouts.text(shown, { data: frame, partials: { body: message.text } });
    return { subject, html, text: tidyText(text) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`templates/${id}/${language}: ${reason}`, { cause });
  }
}
