/** A calendar as mail programs keep it, read by a parser that is not ours: for each UID the newest SEQUENCE counts. */
import ICAL from 'ical.js';

/** An entry of the calendar. */
export interface Entry {
  uid: string;
  sequence: number;
  summary: string;
  start: string;
  end: string;
  location: string | null;
  cancelled: boolean;
}

export interface CalendarFile {
  method: string;
  events: InstanceType<typeof ICAL.Event>[];
}

/** Reads a calendar file. */
export function readCalendar(text: string): CalendarFile {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    events: calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event)),
  };
}

/** RFC 5546: a message is newer if its SEQUENCE is higher or, for the same SEQUENCE, its DTSTAMP later. */
export class CalendarClient {
  private readonly known = new Map<string, Entry & { stamp: string }>();

  receive(text: string): void {
    const { method, events } = readCalendar(text);
    for (const event of events) {
      const { uid, sequence } = event;
      const stamp = String(event.component.getFirstPropertyValue('dtstamp'));
      const before = this.known.get(uid);
      if (before && (before.sequence > sequence || (before.sequence === sequence && before.stamp >= stamp)))
        continue;
      this.known.set(uid, {
        uid,
        sequence,
        stamp,
        summary: event.summary,
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
        location: event.location,
        cancelled: method === 'CANCEL',
      });
    }
  }

  /** The entries that the calendar shows. */
  entries(): Entry[] {
    return [...this.known.values()]
      .filter(({ cancelled }) => !cancelled)
      .map(({ stamp: _, ...entry }) => entry);
  }
}
