/** Why a message is not taken, in the words a person reads on the agreement's page, in the log and in a mail. */
import type { AskKind, LocalDate } from '../../rules/engine/contract/contract';
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import type { Language, Text } from '../../rules/engine/basics/text';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { PhaseNames } from '../words/labels';
import { label } from '../words/labels';
import { formatTime, formatTimeInWords } from '../words/numbers';

/** What a field or a whole input should have been. */
export const kinds = {
  object: { sv: 'ett JSON-objekt med', en: 'a JSON object with' },
  only: { sv: 'bara', en: 'only' },
  oneOf: { sv: 'ett av', en: 'one of' },
  text: { sv: 'en text eller ett tal', en: 'a text or a number' },
  number: { sv: 'ett tal', en: 'a number' },
  hours: { sv: 'timmar som 1,5 eller 1:30', en: 'hours as 1.5 or 1:30' },
  minutes: { sv: 'minuter som 90 eller 1:30', en: 'minutes as 90 or 1:30' },
  date: { sv: 'ett datum som ÅÅÅÅ-MM-DD', en: 'a date as YYYY-MM-DD' },
  moment: { sv: 'en tidpunkt som ÅÅÅÅ-MM-DD 17:00', en: 'a time as YYYY-MM-DD 17:00' },
  time: { sv: 'ett klockslag som 10:00', en: 'a time of day as 10:00' },
  flag: { sv: 'true eller false', en: 'true or false' },
  texts: { sv: 'en lista av högst 30 texter', en: 'a list of at most 30 texts' },
  actions: {
    sv: 'en lista av högst 30 åtgärder med what, owner, due',
    en: 'a list of at most 30 actions with what, owner, due',
  },
  versions: {
    sv: 'versioner som {"visma-business": "18.0.2"}',
    en: 'versions as {"visma-business": "18.0.2"}',
  },
  action: { sv: 'en text, eller what, owner, due', en: 'a text, or what, owner, due' },
} satisfies Record<string, Text>;

const named = (id: string, phaseNames?: PhaseNames): Text => ({
  sv: label('obligation', id, 'sv', phaseNames),
  en: label('obligation', id, 'en', phaseNames),
});
const state = (closed: string): Text => ({
  sv: label('closed', closed, 'sv'),
  en: label('closed', closed, 'en'),
});

/** A meeting of another agreement that the same consultant leads. */
export interface Clash {
  agreement: string;
  /** The customer's company. */
  customer: string;
  /** The meeting: `meeting-2`. */
  id: string;
  /** When it begins, in local time: `2027-02-16 10:00`. */
  at: string;
}

/** What to send where something looks like a slip and is none. */
export const confirm: Text = {
  sv: '; stämmer det, skicka samma sak med "confirmed": true',
  en: '; if that is right, send the same with "confirmed": true',
};

/** What to send where it may be about another meeting than the next. */
const nameIt: Text = {
  sv: ', skriv det under meeting eller skicka samma sak med "confirmed": true',
  en: ', write it under meeting or send the same with "confirmed": true',
};

/** Why hours are taken as a repeat. */
const repeatInSwedish: Readonly<Record<string, string>> = {
  'same-ref': 'samma ref',
  'booked-under-its-name': 'samma timmar finns redan; är de nya, skicka dem igen med en egen ref',
};

export const reasons = {
  undecodable: (why: string): Text => ({
    sv: `förväntade JSON, hittade något som inte kan läsas: ${why}`,
    en: `expected JSON, found what cannot be decoded: ${why}`,
  }),
  tooLarge: (kilobytes: number): Text =>
    expectedFound({ sv: `högst ${kilobytes} kB`, en: `at most ${kilobytes} kB` }, { sv: 'mer', en: 'more' }),
  otherAgreement: (agreement: string, found: string): Text => ({
    sv: `det här är avtalet ${agreement}, meddelandet gäller ${found}`,
    en: `this is the agreement ${agreement}, the message is for ${found}`,
  }),
  unknownMessage: (names: readonly string[], found: string): Text => {
    const near = didYouMean(found, names);
    return joined(
      { sv: `det finns ingen signal "${found}"`, en: `there is no signal "${found}"` },
      near.en === '' ? { sv: '; namnen står i listan', en: '; the names are in the list' } : near,
    );
  },
  notPlanned: {
    sv: 'året är inte planerat än; försök igen om en stund',
    en: 'the year is not planned yet; try again in a while',
  },
  ended: {
    sv: 'avtalet har upphört; inget ändras längre',
    en: 'the agreement has ended; nothing about it changes any more',
  },
  closing: {
    sv: 'avtalsåret avslutas just nu; försök igen om en stund',
    en: 'the agreement year is being closed just now; try again in a while',
  },
  notKnownYet: {
    sv: 'inte känt än, se sidan; att skicka samma sak igen är ofarligt',
    en: 'not known yet, see the page; sending the same again is safe',
  },
  notCarriedOut: (why: string): Text => ({
    sv: `togs emot, men kunde inte genomföras helt: ${why}; skicka failuresRetried när orsaken är åtgärdad`,
    en: `taken, but could not be carried out entirely: ${why}; send failuresRetried when the cause is mended`,
  }),
  nothingOpen: (strand: string): Text => ({
    sv: `inget i "${label('strand', strand, 'sv')}" är öppet`,
    en: `nothing of "${label('strand', strand, 'en')}" is open`,
  }),
  oneOf: (field: string, choices: readonly string[], found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        choices.length > 0 ? joined(kinds.oneOf, ` ${choices.join(', ')}`) : { sv: 'inget', en: 'nothing' },
        found,
      ),
    ),
  /** As `oneOf`, with what each is called beside its id. */
  oneOfNamed: (field: string, kind: 'phase' | 'step', ids: readonly string[], found: string): Text => {
    const told = (language: Language): string =>
      ids.map((id) => `${id} (${label(kind, id, language)})`).join(', ');
    return joined(
      `${field}: `,
      expectedFound(joined(kinds.oneOf, ' ', { sv: told('sv'), en: told('en') }), found),
    );
  },
  noneOpen: (field: string, none: Text): Text => joined(`${field}: `, none),
  longest: (field: string, most: number, found: number): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: `högst ${most} tecken`, en: `at most ${most} characters` },
        { sv: `${found} tecken`, en: `${found} characters` },
      ),
    ),
  closedAs: (id: string, how: string, on: string, phaseNames?: PhaseNames): Text =>
    joined(
      named(id, phaseNames),
      how === 'missed'
        ? { sv: ' är avslutat som ', en: ' is closed as ' }
        : { sv: ' är redan ', en: ' is already ' },
      state(how),
      ` (${on})`,
    ),
  reportedAlready: (id: string, on: string): Text =>
    joined(
      named(id),
      { sv: ' är redan rapporterat som hållet ', en: ' is reported already as held on ' },
      on,
      {
        sv: '; det nya kom inte med. Ta tillbaka det med stepUndone och rapportera igen',
        en: '; what is new was not taken. Take it back with stepUndone and report again',
      },
    ),
  allPassed: (field: string, all: readonly string[]): Text =>
    all.length === 0
      ? {
          sv: `${field}: avtalet har inget att kontrollera`,
          en: `${field}: the agreement has nothing to check`,
        }
      : {
          sv: `${field}: alla är redan godkända; skriv vilken det gäller av ${all.join(', ')}`,
          en: `${field}: all have passed already; write which one it is about, of ${all.join(', ')}`,
        },
  ambiguous: (field: string, meant: readonly string[], found: string): Text => ({
    sv: `${field}: "${found}" kan vara ${meant.join(' eller ')}; skriv det som menas`,
    en: `${field}: "${found}" may be ${meant.join(' or ')}; write the one that is meant`,
  }),
  firstClose: (before: string, id: string, phaseNames?: PhaseNames): Text =>
    joined(
      named(before, phaseNames),
      { sv: ' måste vara klar före ', en: ' has to be completed before ' },
      named(id, phaseNames),
    ),
  between: (field: string, least: number, most: number, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: `ett tal från ${least} till ${most}`, en: `a number from ${least} to ${most}` },
        found,
      ),
    ),
  above: (field: string, most: number, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: `ett tal över 0 och högst ${most}`, en: `a number above 0 and at most ${most}` },
        found,
      ),
    ),
  decimals: (field: string, found: string): Text =>
    joined(`${field}: `, expectedFound({ sv: 'högst två decimaler', en: 'at most two decimals' }, found)),
  blank: (field: string, meant: Text): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: `ett värde; utelämnat betyder det ${meant.sv}`, en: `a value; left out it means ${meant.en}` },
        { sv: 'ett tomt', en: 'a blank one' },
      ),
    ),
  missing: (field: string, kind: Text): Text =>
    joined(`${field}: `, expectedFound(kind, { sv: 'ingenting', en: 'nothing' })),
  withinYear: (field: string, from: LocalDate, lastDay: LocalDate, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        {
          sv: `en dag i avtalsåret, ${from} till ${lastDay}`,
          en: `a day of the agreement year, ${from} to ${lastDay}`,
        },
        found,
      ),
    ),
  closedDay: (field: string, found: string): Text =>
    joined(`${field}: `, expectedFound({ sv: 'en helgfri vardag', en: 'a working day' }, found)),
  later: (field: string, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound({ sv: 'en tid som inte har passerat', en: 'a time that has not passed' }, found),
    ),
  dayBetween: (field: string, from: LocalDate, to: LocalDate, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound({ sv: `en dag från ${from} till ${to}`, en: `a day from ${from} to ${to}` }, found),
    ),
  notLater: (field: string, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound({ sv: 'i dag eller en tidigare dag', en: 'today or an earlier day' }, found),
    ),
  taken: (id: string, at: string): Text =>
    joined(named(id), { sv: ` är redan bokat ${at}`, en: ` is already booked ${at}` }),
  overlaps: (id: string, at: string): Text =>
    joined(named(id), { sv: ` pågår då, det börjar ${at}`, en: ` goes on then, it begins ${at}` }, confirm),
  meetsElsewhere: ({ agreement, customer, id, at }: Clash): Text =>
    joined(
      { sv: 'konsulten har då ', en: 'the consultant then has ' },
      named(id),
      {
        sv: ` med ${customer} (avtal ${agreement}), det börjar ${at}`,
        en: ` with ${customer} (agreement ${agreement}), it begins ${at}`,
      },
      confirm,
    ),
  oddHours: (at: string, minutes: number, early: string, late: string): Text =>
    joined(
      { sv: `${at} i ${minutes} minuter`, en: `${at} for ${minutes} minutes` },
      { sv: ` är inte mellan ${early} och ${late}`, en: ` is not between ${early} and ${late}` },
      confirm,
    ),
  heldLately: (id: string, on: LocalDate, next: string): Text =>
    joined(
      named(id),
      {
        sv: ` är redan rapporterat som hållet ${on}; är det `,
        en: ` is reported already as held on ${on}; if `,
      },
      named(next),
      { sv: ' som menas', en: ' is meant' },
      nameIt,
    ),
  farAhead: (next: string, dueOn: LocalDate): Text =>
    joined(
      { sv: 'nästa möte, ', en: 'the next meeting, ' },
      named(next),
      {
        sv: `, är planerat till ${dueOn}, mer än en månad senare; är det det som menas`,
        en: `, is planned for ${dueOn}, more than a month later; if it is meant`,
      },
      nameIt,
    ),
  notBooked: (id: string): Text => joined(named(id), { sv: ' är inte bokat', en: ' is not booked' }),
  noneBooked: { sv: 'inget möte är bokat', en: 'no meeting is booked' },
  tooMany: (what: Text, most: number): Text => ({
    sv: `det finns redan ${most} ${what.sv}; avsluta några först`,
    en: `there are already ${most} ${what.en}; finish some first`,
  }),
  yearNotBegun: (from: LocalDate): Text => ({
    sv: `avtalsåret börjar ${from}; timmar kan användas från då`,
    en: `the agreement year begins on ${from}; hours can be used from then`,
  }),
  futureWork: (on: LocalDate, today: LocalDate): Text => ({
    sv: `on: förväntade dagen då arbetet gjordes, i dag (${today}) eller tidigare, hittade ${on}`,
    en: `on: expected the day of the work, today (${today}) or before, found ${on}`,
  }),
  beforeAgreement: (on: LocalDate, from: LocalDate): Text => ({
    sv: `on: förväntade en dag från och med avtalets första, ${from}, hittade ${on}`,
    en: `on: expected a day from the agreement's first, ${from}, on, found ${on}`,
  }),
  moreThanADay: (hours: string): Text => ({
    sv: `hours: ${hours} timmar är mer än ett dygn; om det stämmer, skicka samma med "confirm": true`,
    en: `hours: ${hours} hours are more than a day; if that is right, send the same with "confirm": true`,
  }),
  wholeSeconds: (field: string, found: string): Text =>
    joined(
      `${field}: `,
      expectedFound(
        { sv: 'högst två decimaler, eller som 0:20', en: 'at most two decimals, or as 0:20' },
        found,
      ),
    ),
  conflict: (entry: number): Text => ({
    sv: `ref: under den är något annat bokfört, rad ${entry}; rätta den med hoursCorrected, eller skicka detta med en egen ref`,
    en: `ref: something else is booked under it, entry ${entry}; correct that with hoursCorrected, or send this with a ref of its own`,
  }),
  tooMuchOnADay: (on: LocalDate, seconds: number, elsewhere = 0): Text => {
    const [hours, others] = [seconds, elsewhere].map((one) => String(Math.round(one / 36) / 100));
    const part =
      elsewhere > 0
        ? { sv: `, varav ${others} på andra avtal`, en: `, ${others} of them on other agreements` }
        : { sv: '', en: '' };
    return {
      sv: `hours: det blir ${hours} timmar för samma person den ${on}${part.sv}; om det stämmer, skicka samma med "confirm": true`,
      en: `hours: that makes ${hours} hours of one person on ${on}${part.en}; if that is right, send the same with "confirm": true`,
    };
  },
  outsideAgreement: (on: LocalDate, first: LocalDate, last: LocalDate | undefined): Text => ({
    sv: `on: förväntade en dag från ${first}${last === undefined ? '' : ` till ${last}`}, då avtalet löper här, hittade ${on}`,
    en: `on: expected a day from ${first}${last === undefined ? '' : ` to ${last}`}, on which the agreement runs here, found ${on}`,
  }),
  managerForClosed: (year: number, told: LocalDate): Text => ({
    sv: `år ${year} är avslutat och kunden fick slutbeskedet den ${told}: mer tid på det kräver en chef; skicka samma med "approvedBy" (chefens namn) och en anledning`,
    en: `year ${year} is closed and the customer got its final statement on ${told}: more time on it needs a manager; send the same with "approvedBy" (the manager's name) and a reason`,
  }),
  managerForOld: (on: LocalDate, days: number): Text => ({
    sv: `on: ${on} är mer än ${days} dagar sedan, vilket kräver en chef; skicka samma med "approvedBy" (chefens namn) och en anledning`,
    en: `on: ${on} is more than ${days} days ago, which needs a manager; send the same with "approvedBy" (the manager's name) and a reason`,
  }),
  goodwillNeedsManager: {
    sv: 'approvedBy: timmar som vi bjuder på (goodwill) kräver en chef; ange chefens namn, och en anledning i note',
    en: "approvedBy: hours that we give (goodwill) need a manager; say the manager's name, and a reason in note",
  },
  goodwillHasNoPrice: {
    sv: 'pricePerHour: timmar som vi bjuder på (goodwill) har inget pris; utelämna det, eller ange kind purchased',
    en: 'pricePerHour: hours that we give (goodwill) have no price; leave it out, or say kind purchased',
  },
  approvedByWhom: (found: string): Text => ({
    sv: `approvedBy: förväntade en chef, hittade ${found}, som inte är det`,
    en: `approvedBy: expected a manager, found ${found}, who is none`,
  }),
  approvedWhy: (field: string): Text => ({
    sv: `${field}: förväntade en anledning till att chefen godkänner det, hittade ingen`,
    en: `${field}: expected a reason why the manager approves it, found none`,
  }),
  nothingToUndo: {
    sv: 'det finns inget steg att ta tillbaka: de senaste är redan tillbakatagna, eller hör till ett tidigare avtalsår',
    en: 'there is no step to take back: the last ones are taken back already, or belong to an earlier year',
  },
  otherStep: (found: number, last: number, name: string): Text => ({
    sv: `det senaste steget är nummer ${last} (${name}), inte ${found}; bara det senaste kan tas tillbaka`,
    en: `the last step is number ${last} (${name}), not ${found}; only the last can be taken back`,
  }),
  endUnsaid: {
    sv: 'förväntade on (sista dagen) eller reason (skälet, om avtalet ska upphöra nu), hittade inget av dem',
    en: 'expected on (the last day) or reason (why, if the agreement is to end now), found neither',
  },
  pastEnd: (on: string): Text => ({
    sv: `on: förväntade i dag eller en senare dag, hittade ${on}`,
    en: `on: expected today or a later day, found ${on}`,
  }),
  repeat: (why: string, entry?: number): Text => ({
    sv: `tas som en upprepning${entry === undefined ? '' : ` av rad ${entry}`} och bokförs inte igen: ${repeatInSwedish[why] ?? 'samma innehåll inom en timme'}`,
    en: `taken as a repeat${entry === undefined ? '' : ` of entry ${entry}`} and not booked again: ${why}`,
  }),
  tooManyAsked: (most: number): Text => ({
    sv: `${most} önskemål från kunden väntar redan: ta hand om dem först, och rensa dem med attentionCleared`,
    en: `${most} requests of the customer wait already: see to them first, and clear them by attentionCleared`,
  }),
  nothingWaits: {
    sv: 'inga timmar utöver timbanken väntar på beställning',
    en: 'no hours beyond the hour bank wait for an order',
  },
  chargeNeedsOrder: {
    sv: '; det som debiteras ska vara beställt: ange vem hos kunden som beställde, och vilken dag',
    en: "; what is charged has to be ordered: say who of the customer's people ordered it, and on which day",
  },
  orderedHow: (found: string): Text =>
    joined(
      'note: ',
      expectedFound(
        {
          sv: 'hur kunden beställde: telefon, mejl eller möte',
          en: 'how the customer ordered: phone, mail or meeting',
        },
        found === '' ? { sv: 'ingenting', en: 'nothing' } : found,
      ),
    ),
  askedTooLate: (until: LocalDate): Text => ({
    sv: `entry: raden kunde frågas om till och med ${until}; ska frågan tas upp ändå kräver det en chef: skicka samma med "approvedBy" (chefens namn) och en anledning i reason`,
    en: `entry: the line could be asked about until ${until}; to take the question up all the same needs a manager: send the same with "approvedBy" (the manager's name) and a reason`,
  }),
  nothingAsked: (entry: string): Text => ({
    sv: `entry: förväntade numret på en rad med en fråga som inte är besvarad, hittade ${entry}`,
    en: `entry: expected the number of a line with a question that is not answered, found ${entry}`,
  }),
  noSuchEntry: (ref: string): Text => ({
    sv: `förväntade ref eller nummer (entry) på timmar som är bokförda, hittade ${ref}`,
    en: `expected the ref or number (entry) of hours that are booked, found ${ref}`,
  }),
} as const;

/** Why an approved price is not taken. */
export const priceReasons = {
  ends: {
    sv: 'avtalet upphör med det här året; det finns ingen nästa period att prissätta',
    en: 'the agreement ends with this year; there is no next period to price',
  },
  late: (by: LocalDate): Text => ({
    sv: `ett nytt pris måste vara godkänt senast ${by}, så att kunden får veta så tidigt som utlovat; priset är oförändrat`,
    en: `a new price had to be approved by ${by}, so that the customer is told as early as promised; the price stays as it is`,
  }),
  notKept: (why: string): Text => ({
    sv: `${why}; skicka det igen när orsaken är åtgärdad`,
    en: `${why}; send it again when the cause is mended`,
  }),
  missing: {
    sv: 'pricePerHour: förväntade ett pris, eftersom inget nytt är föreslaget; hittade inget',
    en: 'pricePerHour: expected a price, since no new one is proposed; found none',
  },
} as const;

/** What a contact asks for. */
interface Asked {
  kind: AskKind;
  /** The obligation of the meeting, and the day and time that are wished for. */
  meeting?: string;
  wished?: string;
}

/** What a contact asks for, in a sentence. */
export const askedFor = (asked: Asked): Text => ({ sv: asks(asked, 'sv'), en: asks(asked, 'en') });

function asks({ kind, meeting = '', wished }: Asked, language: Language): string {
  const when = wished === undefined ? '' : ` (${wished})`;
  const called = label('obligation', meeting, language);
  const what: Record<AskKind, Text> = {
    meeting: { sv: `ber om ett möte${when}.`, en: `asks for a meeting${when}.` },
    time: {
      sv: `ber om en annan tid för ${called}${when}.`,
      en: `asks for another time of ${called}${when}.`,
    },
    contact: { sv: 'säger att en kontakt har ändrats.', en: 'says that a contact has changed.' },
  };
  return what[kind][language];
}

/** What somebody has to look at, and why. */
export const toLookAt = {
  upgradeLeft: {
    sv: 'årets egen uppgradering blev inte av: den från ett tidigare avtalsår går först',
    en: "the year's own upgrade did not come about: the one of an earlier agreement year goes first",
  },
  notBooked: { sv: 'ingen har bokat det', en: 'nobody has booked it' },
  notReported: { sv: 'ingen har rapporterat det klart', en: 'nobody has reported it done' },
  moved: (times: number, at: string): Text => ({
    sv: `flyttat ${times} gånger, nu till ${at}`,
    en: `moved ${times} times, now to ${at}`,
  }),
  noReason: { sv: 'inget skäl angivet', en: 'no reason given' },
  partnerSilent: (question: 'before' | 'after'): Text =>
    question === 'before'
      ? {
          sv: 'partnern är tillfrågad två gånger om integrationen stöds och dagen passar, och har inte svarat: ring',
          en: 'the partner was asked twice whether the integration is supported and the date suits, and has not answered: call',
        }
      : {
          sv: 'partnern är tillfrågad två gånger om integrationen fungerar efter uppgraderingen, och har inte svarat: ring',
          en: 'the partner was asked twice whether the integration works after the upgrade, and has not answered: call',
        },
  hoursUsed: (percent: number): Text => ({
    sv: `${percent} % av timbanken är använd`,
    en: `${percent} % of the hour bank is used`,
  }),
  hoursFreed: (ref: string, seconds: number): Text => ({
    sv:
      `En rättelse frigjorde ${formatTimeInWords(seconds, 'sv')} när de redan hade upphört eller snart skulle upphöra. Ge kunden dem i tre ` +
      `månader: hoursGiven med {"kind":"goodwill","hours":"${formatTime(seconds)}","ref":"${ref}","approvedBy":"…","note":"…"}. ` +
      `Ska kunden inte ha dem: attentionCleared med {"code":"goodwill-offered","subject":"${ref}"}.`,
    en:
      `A correction freed ${formatTimeInWords(seconds, 'en')} when they had expired or were about to. Give them to the customer for three ` +
      `months: hoursGiven with {"kind":"goodwill","hours":"${formatTime(seconds)}","ref":"${ref}","approvedBy":"…","note":"…"}. ` +
      `If the customer is not to have them: attentionCleared with {"code":"goodwill-offered","subject":"${ref}"}.`,
  }),
  overageWaits: {
    sv: 'Arbete utöver timbanken väntar på kundens beställning och debiteras inte innan dess. Kunden är tillfrågad och påminns; svarar ingen avgör en chef.',
    en: 'Work beyond the hour bank waits for the customer to order it, and is not charged before that. The customer is asked and reminded; if nobody answers a manager decides.',
  },
  callRequested: (about: string): Text => ({
    sv: `vill bli uppringd: ${about}. När samtalet är ringt: attentionCleared med {"code":"call-requested"}.`,
    en: `wants to be called: ${about}. Once you have called: attentionCleared with {"code":"call-requested"}.`,
  }),
  customerAsks: (contact: string, asked: Asked, subject: string): Text => {
    const done = `attentionCleared ${JSON.stringify({ code: 'customer-asks', subject })}`;
    return {
      sv: `${contact} ${asks(asked, 'sv')} Det som skrevs står i mejlet till konsulten. När det är omhändertaget: ${done}.`,
      en: `${contact} ${asks(asked, 'en')} What was written stands in the mail to the consultant. Once it is seen to: ${done}.`,
    };
  },
  lineQuestioned: (line: number): Text => ({
    sv:
      `Kunden frågar om rad ${line}; frågan står i mejlet till konsulten. Är raden fel, rätta den först. Svara med questionSettled: ` +
      `{"entry":${line},"answer":"…"}.`,
    en:
      `The customer asks about line ${line}; the question is in the mail to the consultant. If the line is wrong, correct it first. ` +
      `Answer by questionSettled: {"entry":${line},"answer":"…"}.`,
  }),
  mailUnknown: {
    sv: 'det är osäkert om mejlet gick fram; avgör det med `mails`',
    en: 'it is not known whether this mail went out; settle it with `mails`',
  },
} as const;
