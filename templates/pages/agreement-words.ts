/** What the customer's own page of the agreement (Mitt avtal) says, in Swedish and English. */
import type { Text } from '../../rules/engine/basics/text';
import type { CodeWords } from './link-words';

/** Sentences with something to fill in, titles, and how things stand. */
export const agreementSays = {
  title: { sv: 'Mitt avtal, {customer}', en: 'My agreement, {customer}' },
  lead: {
    sv: 'Serviceavtal {level}, avtalsår {year}: {from} – {to}. Så här står det till {now}.',
    en: 'Service agreement {level}, agreement year {year}: {from} – {to}. This is how it stands on {now}.',
  },
  ended: {
    sv: 'Avtalet har upphört. Sidan visar hur det slutade.',
    en: 'The agreement has ended. The page shows how it ended.',
  },
  waitsUpgrade: {
    sv: 'Uppgraderingen: {phase} väntar på er, senast {day}.',
    en: 'The upgrade: {phase} waits for you, by {day}.',
  },
  waitsOrder: {
    sv: '{hours} utöver timbanken väntar på er beställning. Länken för att beställa står i mejlet om det, eller fråga {consultant}.',
    en: '{hours} beyond the hour bank wait for your order. The link to order is in the mail about it, or ask {consultant}.',
  },
  waitsAmount: { sv: 'De kostar {amount} exkl. moms.', en: 'They cost {amount} excl. VAT.' },
  waitsAction: { sv: '{what}, senast {day}', en: '{what}, by {day}' },
  overdue: { sv: 'försenat', en: 'overdue' },
  notBooked: { sv: 'planerat, inte bokat', en: 'planned, not booked' },
  booked: { sv: 'bokat', en: 'booked' },
  notReported: { sv: 'inte rapporterat än', en: 'not reported yet' },
  sent: { sv: 'skickat', en: 'sent' },
  held: { sv: 'hållet {day}', en: 'held on {day}' },
  done: { sv: 'klart {day}', en: 'done on {day}' },
  isDone: { sv: 'klart', en: 'done' },
  isOn: { sv: 'pågår', en: 'under way' },
  comes: { sv: 'kommer', en: 'to come' },
  states: {
    missed: { sv: 'blev inte av', en: 'did not take place' },
    declined: { sv: 'ni avstod', en: 'you declined it' },
    carried: { sv: 'fortsätter nästa avtalsår', en: 'goes on in the next agreement year' },
    cancelled: { sv: 'utgår', en: 'falls away' },
  },
  waitsForYou: { sv: 'väntar på er', en: 'waits for you' },
  due: { sv: 'senast {day}', en: 'by {day}' },
  yearEnds: { sv: 'Avtalsåret slutar', en: 'The agreement year ends' },
  reported: {
    sv: 'Senast rapporterat {on}, för arbete till och med {to}. Arbete som vi inte har rapporterat än syns inte här.',
    en: 'Last reported on {on}, for work up to {to}. Work that we have not reported yet does not show here.',
  },
  nothingReported: {
    sv: 'Inget arbete är rapporterat än. Arbete som vi inte har rapporterat syns inte här.',
    en: 'No work is reported yet. Work that we have not reported does not show here.',
  },
  questioned: {
    sv: 'Rader som ni frågat om: {count}, väntar på svar',
    en: 'Lines that you asked about: {count}, wait for an answer',
  },
  upgrade: { sv: 'Uppgraderingen', en: 'The upgrade' },
  upgradeOf: { sv: 'Uppgraderingen från avtalsår {year}', en: 'The upgrade of agreement year {year}' },
  down: { sv: 'Systemet stängs {span}.', en: 'The system goes down {span}.' },
  agreed: { sv: 'Överenskommen dag: {day}.', en: 'Agreed day: {day}.' },
  upgradeStands: {
    postponed: { sv: 'Uppgraderingen är uppskjuten.', en: 'The upgrade is postponed.' },
    rolledBack: {
      sv: 'Uppgraderingen är återställd och planeras på nytt.',
      en: 'The upgrade was rolled back and is planned anew.',
    },
    restored: {
      sv: 'Systemet är återställt efter uppgraderingen.',
      en: 'The system was restored after the upgrade.',
    },
    declined: { sv: 'Årets uppgradering blir inte av.', en: "This year's upgrade does not take place." },
    noRelease: { sv: 'Det finns ingen nyare version i år.', en: 'There is no newer version this year.' },
  },
  monitor: {
    ok: { sv: 'fungerar', en: 'works' },
    warning: { sv: 'varning', en: 'warning' },
    down: { sv: 'fungerar inte', en: 'does not work' },
    unknown: { sv: 'kunde inte kontrolleras', en: 'could not be checked' },
    waiting: { sv: 'väntar på första kontrollen', en: 'waits for its first check' },
    notSetUp: { sv: 'inte uppsatt än', en: 'not set up yet' },
    notPossible: { sv: 'kan inte övervakas', en: 'cannot be monitored' },
    paused: { sv: 'pausad', en: 'paused' },
    silent: { sv: 'vi vet inte just nu', en: 'not known just now' },
  },
  version: { sv: 'version {version}', en: 'version {version}' },
  final: { sv: 'Slutbesked, avtalsår {year}', en: 'Final statement, agreement year {year}' },
  statement: { sv: 'Timbanksbesked per {day}', en: 'Hour statement as of {day}' },
  report: {
    sv: 'Uppgraderingsrapport, avtalsår {year}, {day} (PDF)',
    en: 'Report of the upgrade, agreement year {year}, {day} (PDF)',
  },
  minutes: { sv: 'Minnesanteckningar: {meeting}, {day}', en: 'Minutes: {meeting}, {day}' },
  minutesTitle: { sv: 'Minnesanteckningar: {meeting}', en: 'Minutes: {meeting}' },
  minutesLead: { sv: 'Mötet hölls {day}{length}.', en: 'The meeting was held on {day}{length}.' },
  request: {
    'meeting-asked': { sv: 'ett möte', en: 'a meeting' },
    'time-asked': { sv: 'en annan tid för {meeting}', en: 'another time of {meeting}' },
    'contact-asked': { sv: 'ändrad kontakt', en: 'changed contact' },
  },
  requested: { sv: '{what}{wish}, {who} {day}', en: '{what}{wish}, {who} on {day}' },
  requestOpen: { sv: 'väntar på {consultant}', en: 'waits for {consultant}' },
  requestClosed: { sv: 'omhändertaget {day}', en: 'seen to on {day}' },
  thanksTitle: { sv: 'Tack, det är skickat', en: 'Thank you, it is sent' },
  thanks: {
    sv: '{consultant} får det som mejl och hör av sig. Ingenting är bokat eller ändrat förrän dess.',
    en: '{consultant} gets it by mail and will be in touch. Nothing is booked or changed until then.',
  },
  feedTitle: { sv: 'Kalenderlänken är klar', en: 'The calendar link is ready' },
  feedMade: {
    sv: 'Den står på sidan, under ”I din egen kalender”.',
    en: 'It is on the page, under “In your own calendar”.',
  },
  feed: {
    sv: 'Lägg in adressen som en kalender att prenumerera på. Den gäller till och med {day}. Där står bara vad och när: inga platser, namn eller priser.',
    en: 'Add the address as a calendar to subscribe to. It is good until {day}. It says only what and when: no places, names or prices.',
  },
  feedCalendar: { sv: 'Serviceavtal, Pector', en: 'Service agreement, Pector' },
  actionDone: { sv: 'Noterat {when}: åtgärden är klar.', en: 'Noted {when}: the action is done.' },
  consultant: {
    sv: '{name}, er dedikerade konsult: {email}.',
    en: '{name}, your dedicated consultant: {email}.',
  },
  manager: { sv: '{name}, ansvarig chef: {email}.', en: '{name}, manager: {email}.' },
  support: { sv: 'Support: {email}, {hours}.', en: 'Support: {email}, {hours}.' },
  notTaken: {
    ended: {
      sv: 'Avtalet har upphört, så det kan inte tas emot här. Skriv till {name}, {email}.',
      en: 'The agreement has ended, so it cannot be taken here. Write to {name}, {email}.',
    },
    noAction: {
      sv: 'Ingenting är ändrat: åtgärden är redan klar, eller inte din.',
      en: 'Nothing was changed: the action is done already, or not yours.',
    },
    noMeeting: { sv: 'Välj vilket möte det gäller.', en: 'Choose which meeting it is about.' },
    noDay: { sv: 'Välj en dag från och med i dag.', en: 'Choose a day from today on.' },
    noTime: { sv: 'Skriv ett klockslag som 10:00.', en: 'Enter a time of day as 10:00.' },
    noAbout: { sv: 'Skriv vad mötet ska handla om.', en: 'Say what the meeting is to be about.' },
    noChange: { sv: 'Skriv vad som har ändrats.', en: 'Say what has changed.' },
    tooLong: {
      sv: 'Skriv högst {most} tecken; du skrev {length}.',
      en: 'Write at most {most} characters; you wrote {length}.',
    },
  },
} satisfies Record<string, Text | Record<string, Text>>;

/** How the code is asked for. */
export const agreementCode: CodeWords = {
  title: { sv: 'Se priser', en: 'See prices' },
  ask: {
    sv: 'Mejl kan vidarebefordras. Därför behövs en kod för att visa priser.',
    en: 'Mails can be forwarded. So it takes a code to show prices.',
  },
  role: {
    sv: 'Priser visas för den hos er som har rollen ledning eller ekonomi i avtalet.',
    en: 'Prices are shown to those of you who have the role of management or finance in the agreement.',
  },
  entered: {
    sv: 'Priserna visas i en timme i den här webbläsaren.',
    en: 'The prices are shown for an hour in this browser.',
  },
};

/** Words of the templates. */
export const agreementPageWords = {
  waitsForYou: { sv: 'Väntar på er', en: 'Waits for you' },
  yourActions: { sv: 'Dina åtgärder', en: 'Your actions' },
  isDone: { sv: 'Klart', en: 'Done' },
  theYear: { sv: 'Året', en: 'The year' },
  day: { sv: 'Dag', en: 'Day' },
  state: { sv: 'Läge', en: 'State' },
  hourBank: { sv: 'Timbanken', en: 'The hour bank' },
  whereTo: { sv: 'Vart timmarna gick', en: 'Where the hours went' },
  kindOfWork: { sv: 'Arbete', en: 'Work' },
  phases: { sv: 'Faser', en: 'Phases' },
  system: { sv: 'System', en: 'System' },
  versions: { sv: 'Version', en: 'Version' },
  monitored: { sv: 'Övervakade tjänster', en: 'Monitored services' },
  service: { sv: 'Tjänst', en: 'Service' },
  openActions: { sv: 'Öppna åtgärder', en: 'Open actions' },
  action: { sv: 'Åtgärd', en: 'Action' },
  owner: { sv: 'Vem', en: 'Who' },
  toRead: { sv: 'Att läsa', en: 'To read' },
  askUs: { sv: 'Be oss om något', en: 'Ask us for something' },
  asked: { sv: 'Det ni har bett om', en: 'What you have asked for' },
  nothingBooked: {
    sv: 'Konsulten får det som mejl och hör av sig. Ingenting bokas eller ändras av sig självt.',
    en: 'The consultant gets it by mail and will be in touch. Nothing is booked or changed by itself.',
  },
  askMeeting: { sv: 'Be om ett möte', en: 'Ask for a meeting' },
  meetingHint: {
    sv: 'Möten utöver avtalets tas ur timbanken.',
    en: 'Meetings beyond those of the agreement draw on the hour bank.',
  },
  meetingAbout: { sv: 'Vad det ska handla om', en: 'What it is to be about' },
  wishedDay: { sv: 'Önskad dag', en: 'Day that you wish for' },
  wishedTime: { sv: 'Klockslag', en: 'Time of day' },
  askTime: { sv: 'Föreslå en annan tid för ett möte', en: 'Propose another time for a meeting' },
  whichMeeting: { sv: 'Möte', en: 'Meeting' },
  choose: { sv: 'Välj', en: 'Choose' },
  why: { sv: 'Något vi bör veta', en: 'Anything we should know' },
  askContact: { sv: 'En kontakt har ändrats', en: 'A contact has changed' },
  whatChanged: { sv: 'Vad som har ändrats', en: 'What has changed' },
  changedHint: {
    sv: 'Vem, ny person eller adress, och från när.',
    en: 'Who, the new person or address, and from when.',
  },
  sendAsk: { sv: 'Skicka', en: 'Send' },
  ownCalendar: { sv: 'I din egen kalender', en: 'In your own calendar' },
  makeFeed: { sv: 'Skapa en kalenderlänk', en: 'Make a calendar link' },
  feedHint: {
    sv: 'Årets dagar i din kalender, alltid aktuella.',
    en: 'The dates of the year in your calendar, always up to date.',
  },
  feedAddress: { sv: 'Kalenderns adress', en: 'Address of the calendar' },
  subscribe: { sv: 'Öppna i kalendern', en: 'Open in the calendar' },
  callUs: { sv: 'Så når ni oss', en: 'How to reach us' },
  backToAgreement: { sv: 'Tillbaka till Mitt avtal', en: 'Back to my agreement' },
  participants: { sv: 'Deltagare', en: 'Participants' },
  decisions: { sv: 'Beslut', en: 'Decisions' },
  noteOfMeeting: { sv: 'Anteckning', en: 'Note' },
  actions: { sv: 'Åtgärder', en: 'Actions' },
  asPdf: { sv: 'Beskedet som PDF, med priser', en: 'The statement as PDF, with prices' },
} satisfies Record<string, Text>;
