/** Reads JSON of unknown form: a value of the wrong kind gives a reason, and nothing throws. */
import type { Instant } from '../contract/contract';
import { show } from '../reading/explain-schema-error';
import { oneLine } from '../basics/one-line';
import { expectedFound } from '../basics/text';
import type { Text, Wording } from '../basics/text';
import type { SigningDocument, SigningReason } from './signing';

/** Reads a service's own form of a document; nothing if a reason says why not. */
export type ReadForm = (payload: Place) => Omit<SigningDocument, 'service'> | undefined;

/** The longest id, title or name that is accepted from a service. */
const longestName = 500;
const longestValue = 10_000;

/** A value with its path in the payload. Absent and `null` are the same: nothing. */
export class Place {
  constructor(
    readonly value: unknown,
    readonly path: string,
    private readonly reasons: SigningReason[],
  ) {}

  /** A member of an object; nothing if this is nothing. */
  at(name: string): Place {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    if (this.isNothing()) return new Place(undefined, path, this.reasons);
    if (!isObject(this.value)) {
      this.expect({ sv: 'ett objekt', en: 'an object' });
      return new Place(undefined, path, this.reasons);
    }
    return new Place(Object.hasOwn(this.value, name) ? this.value[name] : undefined, path, this.reasons);
  }

  /** Items of a list; none if this is nothing. */
  items(): Place[] {
    if (this.isNothing()) return [];
    if (!Array.isArray(this.value)) {
      this.expect({ sv: 'en lista', en: 'a list' });
      return [];
    }
    return this.value.map((item, index) => new Place(item, `${this.path}[${index}]`, this.reasons));
  }

  /** All members of an object; none if this is nothing. */
  members(): { name: string; place: Place }[] {
    if (this.isNothing()) return [];
    if (!isObject(this.value)) {
      this.expect({ sv: 'ett objekt', en: 'an object' });
      return [];
    }
    return Object.keys(this.value).map((name) => ({ name, place: this.at(name) }));
  }

  /** A text; numbers and truth values are taken as they are written. */
  text(longest = longestValue): string | undefined {
    if (this.isNothing()) return undefined;
    const { value } = this;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const text = storable(String(value));
      if (text.length <= longest) return text;
      this.expect(
        { sv: `högst ${longest} tecken`, en: `at most ${longest} characters` },
        String(text.length),
      );
    } else this.expect({ sv: 'en text', en: 'a text' });
    return undefined;
  }

  /** A text on one line, such as a title or a name: white space around it and line breaks are left out. */
  name(): string | undefined {
    const text = oneLine(this.text(longestName) ?? '');
    return text === '' ? undefined : text;
  }

  /** As `name`, but adds a reason if there is none. */
  required(expected: Wording): string | undefined {
    const before = this.reasons.length;
    const name = this.name();
    if (name === undefined && this.reasons.length === before) this.expect(expected);
    return name;
  }

  /** A time with its zone. */
  instant(): Instant | undefined {
    const text = this.text(100)?.trim();
    if (text === undefined || text === '') return undefined;
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    if (Number.isFinite(time)) return new Date(time).toISOString();
    this.expect({
      sv: 'en tidpunkt med tidszon som 2027-01-31T09:00:00Z',
      en: 'a time with its zone as 2027-01-31T09:00:00Z',
    });
    return undefined;
  }

  /** Bytes in base64, without line breaks. */
  base64(): string | undefined {
    if (this.isNothing() || this.value === '') return undefined;
    const text = typeof this.value === 'string' ? this.value.replace(/\s+/g, '') : '';
    if (text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return text;
    this.expect(
      { sv: 'innehåll i base64', en: 'content in base64' },
      typeof this.value === 'string' ? { sv: 'något annat', en: 'something else' } : shown(this.value),
    );
    return undefined;
  }

  isNothing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** Adds the reason that something else was expected here. */
  expect(expected: Wording, found: Wording = shown(this.value)): void {
    this.reasons.push({
      ...(this.path === '' ? {} : { about: this.path }),
      message: expectedFound(expected, found),
    });
  }
}

/** A value that was found, short enough for a mail. */
export function shown(value: unknown): Text {
  const { sv, en } = show(value);
  const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
  return { sv: short(sv), en: short(en) };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Replaces what PostgreSQL cannot store: NUL, and halves of surrogate pairs. */
function storable(text: string): string {
  return text.replace(/\0|\p{Cs}/gu, '\ufffd');
}
