import { Parser } from 'htmlparser2';
import type { MailData, MailHours } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import { cases, example, languages, toCustomer } from './mail-examples';

const toCustomers = cases.filter(([, , party]) => party === 'customer');

/** The parts of a mail without its links. */
const partsOf = (...mail: Parameters<typeof renderMail>): string[] => {
  const { subject, html, text } = renderMail(...mail);
  const body = html.slice(html.indexOf('<body')).replace(/<[^>]*>/g, ' ');
  return [subject, body, text].map((part) => part.replace(/https?:\/\/\S+/g, ''));
};

test.each(toCustomers)('%s in %s speaks to the %s, in their words', (id, language, _, data) => {
  // Checks of a phase are the rules' own words.
  for (const part of partsOf(id, language, { ...data, ...(data.checks && { checks: [] }) })) {
    expect(part).not.toMatch(/\d{4}-\d\d-\d\d|\b(meeting|upgrade|start|hours)[-/][a-z\d]/);
    expect(part).not.toMatch(/\bkunden|the customer\b|övertid|overtime/i);
    expect(part).not.toMatch(/\b(signal|temporal|workflow|arbetsflöde|obligation|eskaler|escalat)/i);
  }
  const { subject, text } = renderMail(id, language, data);
  expect(`${subject}\n${text}`).not.toMatch(/ [,.:;!?](\s|$)|\.\.|,,|\( | \)/);
});

describe('a mail that tells of one of everything', () => {
  const amounts = /minor|percent|seconds|year|number|version/i;
  const hours =
    /contracted|rolled|used|remaining|overage|waiting|ordered|lapse|held|refunded|would|added|beyondPaid$|freed|expir|rolling|hours|chargedHours|expected|left/;

  /** One hour instead of any time, one instead of any count, and one thing in every list. */
  function ofOne(value: unknown, key: string, inHours: boolean): unknown {
    if (typeof value === 'number') return amounts.test(key) ? value : inHours && hours.test(key) ? 100 : 1;
    if (Array.isArray(value)) return value.slice(0, 1).map((one: unknown) => ofOne(one, key, inHours));
    if (value === null || typeof value !== 'object') return value;
    const inside = key !== 'progress' && key !== 'counts';
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, ofOne(inner, name, inHours && inside)]),
    );
  }

  const more = { overage: 100, waiting: 100, ordered: 100, orderedAmountMinor: 130500, beyondPaid: 100 };
  const beyond = { ...more, beyondPaidMinor: 130500, wouldRoll: 100, wouldExpire: 100 } as Partial<MailHours>;
  const told = { on: '2027-07-01', used: 0, rolledOut: 0, expired: 0, overage: 0, freed: 100, changes: [] };
  const both = (data: MailData): MailData[] => [
    data,
    ...(data.hours ? [{ ...data, hours: { ...data.hours, ...beyond } }] : []),
    ...(data.hours?.final === false ? [{ ...data, hours: { ...data.hours, told } as MailHours }] : []),
    ...(data.given ? [{ ...data, given: { ...data.given, kind: 'purchased' as const } }] : []),
    ...(data.expiry ? [{ ...data, expiry: { ...data.expiry, kind: 'goodwill' as const } }] : []),
  ];

  const wrong = {
    sv: /(?<![\d.,:–])1\s(timmar|minuter|dagar|arbetsdagar|kontroller|gånger|larm pågår är)|\b1\stimme[^.:]* (beställda|inlagda|godkända)\b|\b1\stimme[^.]*\. De [a-zåäö]+/,
    en: /(?<![\d.,:–])1\s(hours|minutes|days|working days|checks|alerts|times|test cases)\b|\b1\shour( (?!will)[a-z]+){0,8} (are|were|wait|lie|follow|expire)\b|\b1\shour[^.]*\. They\b/,
  };

  test.each(toCustomers)('%s in %s to the %s', (id, language, _, data) => {
    for (const one of both(data))
      for (const part of partsOf(id, language, ofOne(one, '', true) as MailData))
        expect(wrong[language].exec(part)?.[0]).toBeUndefined();
  });
});

test.each(cases)('%s in %s to the %s begins in the inbox with what it is about', (id, language, _, data) => {
  const { html, text } = renderMail(id, language, data);
  const shown = /<body[^>]*>\s*<div style="display:none[^"]*">([^]*?)<\/div>/.exec(html)?.[1] ?? '';
  const words = shown.replace(/<[^>]*>/g, '').replace(/ …$/, '');
  expect(words).toMatch(/^.{20,140}$/);
  expect(words).not.toMatch(/^(Hej|Hi)\b/);
  const signs = { '&amp;': '&', '&quot;': '"', '&#x27;': "'" };
  const read = words.replace(/&(?:amp|quot|#x27);/g, (sign) => signs[sign as keyof typeof signs]);
  expect(text.replace(/\s+/g, ' ')).toContain(read.slice(0, 20));
});

describe('a place', () => {
  const invitation = (place: string): string => {
    const data = example('meeting-invitation');
    return renderMail('meeting-invitation', 'sv', { ...data, meeting: { ...data.meeting!, place } }).html;
  };

  test('that is a link can be followed', () => {
    const room = 'https://teams.example/l/meetup-join/19%3ameeting_NmQ0YjY5ZTgtYzE2ZS00?tenant=pector';
    expect(invitation(room)).toContain(`href="${room.replace('=', '&#x3D;')}"`);
  });

  test.each(['Storgatan 1, Malmö', 'javascript:alert(1)', 'Teams: https://teams.example/x'])(
    '%s is read',
    (place) => expect(invitation(place)).not.toMatch(/href="(javascript|https:\/\/teams)/),
  );
});

test.each(languages)(
  'who is told that the session is called off can still open the test, in %s',
  (language) => {
    const data = { ...example('test-session'), recipient: toCustomer };
    const { html, text } = renderMail('test-session', language, {
      ...data,
      session: { ...data.session, cancelled: true },
    });
    for (const part of [html, text]) expect(part).toContain(data.links.page);
  },
);

describe('colours', () => {
  interface Rule {
    tag?: string;
    classes: string[];
    within?: string;
    property: string;
    value: string;
  }

  /** The rules of a scheme's block in the layout's style sheet: `.card p, .page .small { color: … }`. */
  function darkRules(html: string): Rule[] {
    const [, block = ''] = /prefers-color-scheme: dark\) \{([^]*?)\n\}/.exec(html) ?? [];
    return [...block.matchAll(/([^{}]+)\{([^}]*)\}/g)].flatMap(([, selectors = '', body = '']) =>
      selectors.split(',').flatMap((selector) => {
        const parts = selector.trim().split(' ');
        const [tag = '', ...classes] = parts[parts.length - 1]!.split('.');
        return [...body.matchAll(/(?:^|[;\s])(color|background): (#\w{6})/g)].map(([, property, value]) => ({
          ...(tag && { tag }),
          classes,
          ...(parts.length > 1 && { within: parts[0]!.slice(1) }),
          property: property!,
          value: value!,
        }));
      }),
    );
  }

  const light = (hex: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };

  /** Texts with the colour they have and that of what is behind them. */
  function paint(html: string, rules: Rule[]): [text: string, colour: string, behind: string][] {
    const texts: [string, string, string][] = [];
    const open = [{ classes: [] as string[], color: '#000000', background: '#ffffff', unseen: true }];
    const within = (name: string): boolean => open.some(({ classes }) => classes.includes(name));
    new Parser({
      onopentag(tag, { class: names = '', style = '' }) {
        const classes = names.split(' ').filter(Boolean);
        const of = (property: 'color' | 'background'): string => {
          const own = [...style.matchAll(new RegExp(`(?:^|;)${property}:(#\\w{6})`, 'g'))].pop()?.[1];
          // A rule for an element's class counts more than one for its tag, the last of equals most.
          const ruled = rules
            .filter((rule) => rule.property === property && (rule.tag ?? tag) === tag)
            .filter((rule) => rule.classes.every((name) => classes.includes(name)))
            .filter((rule) => rule.within === undefined || within(rule.within))
            .sort((a, b) => a.classes.length - b.classes.length)
            .pop()?.value;
          return ruled ?? own ?? open[open.length - 1]![property];
        };
        const above = open[open.length - 1]!;
        const unseen = tag === 'body' ? false : above.unseen || /display:none|color:transparent/.test(style);
        open.push({ classes, color: of('color'), background: of('background'), unseen });
      },
      ontext(text) {
        const { color, background, unseen } = open[open.length - 1]!;
        if (!unseen && text.trim() !== '') texts.push([text.trim(), color, background]);
      },
      onclosetag() {
        open.pop();
      },
    }).end(html);
    return texts;
  }

  test.each(toCustomers)('%s in %s to the %s can be read in light and in dark', (id, language, _, data) => {
    const { html } = renderMail(id, language, data);
    for (const rules of [[], darkRules(html)]) {
      const texts = paint(html, rules);
      expect(texts.length).toBeGreaterThan(5);
      expect(texts.filter(([, colour, behind]) => contrast(colour, behind) < 4.5)).toEqual([]);
    }
    expect(darkRules(html).length).toBeGreaterThan(15);
  });
});
