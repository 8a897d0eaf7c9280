/** The small pages behind the links of alert mails, and that of the intake itself: plain HTML without scripts. Templates are read at load. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Language } from '../../rules/engine/basics/text';
import { pageWords } from './wording';

/** A form of a page. */
export interface PageForm {
  act: string;
  button: string;
  by: string;
  asksNote: boolean;
  /** `pause`: the ends to choose from, the first by default, and the days a pause may last through. */
  ends?: { value: string; text: string }[];
  firstDay?: string;
  lastDay?: string;
}

/** What an alert is about, as people read it. */
export interface PageSubject {
  customer: string;
  agreement: string;
  check: string;
  severity: string;
  message: string;
  since: string;
  over?: string;
  taken?: string;
  mended?: string;
}

/** A page's content by its name. */
export interface Pages {
  alert: { lead: string; form: PageForm } & PageSubject;
  noted: { lead: string; next?: string; form?: PageForm } & PageSubject;
  refused: { lead: string };
  about: { lead: string; more: string; link: string };
}

const read = (name: string): string => readFileSync(join(__dirname, `${name}.hbs`), 'utf8');
const handlebars = Handlebars.create();
const compile = (name: string): Handlebars.TemplateDelegate =>
  handlebars.compile(read(name), { knownHelpersOnly: true });
for (const partial of ['subject', 'form']) handlebars.registerPartial(partial, compile(partial));
const layout = compile('layout');
const bodies: Record<keyof Pages, Handlebars.TemplateDelegate> = {
  alert: compile('alert'),
  noted: compile('noted'),
  refused: compile('refused'),
  about: compile('about'),
};

/** The only style that a page may have, for its content security policy. */
export const pageStyleHash = ((): string => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(read('layout'))?.[1] ?? '';
  return `sha256-${createHash('sha256').update(style).digest('base64')}`;
})();

/** Renders a page. What people wrote is escaped, wherever it stands. */
export function renderPage<K extends keyof Pages>(
  name: K,
  language: Language,
  title: string,
  data: Pages[K],
): string {
  const words = Object.fromEntries(Object.entries(pageWords).map(([key, text]) => [key, text[language]]));
  const form = 'form' in data && data.form ? { ...data.form, words } : undefined;
  return layout({ ...data, form, words }, { data: { title, language }, partials: { body: bodies[name] } });
}
