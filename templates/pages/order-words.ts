/** What the page to order hours beyond the hour bank says, beside the words that statements have. */
import type { Text } from '../../rules/engine/basics/text';
import type { CodeWords } from './link-words';

export const orderPageWords = {
  waitingWork: { sv: 'Arbetet som väntar', en: 'The work that waits' },
  sum: { sv: 'Summa', en: 'Sum' },
  orderMore: { sv: 'Beställ timmar', en: 'Order hours' },
  mostHours: { sv: 'Högst så många timmar', en: 'At most so many hours' },
  mostHoursHint: { sv: 'Till exempel 10 eller 7:30.', en: 'Such as 10 or 7:30.' },
  until: { sv: 'Gäller arbete till och med', en: 'For work up to and including' },
  order: { sv: 'Beställ', en: 'Order' },
  buyPackage: { sv: 'Köp ett timpaket', en: 'Buy a package' },
  packageHint: {
    sv: 'Timmarna gäller i tolv månader, även för det som väntar.',
    en: 'The hours live for twelve months and cover what waits, too.',
  },
  buy: { sv: 'Köp paketet', en: 'Buy the package' },
  surePackage: { sv: 'Ja, vi köper det', en: 'Yes, we buy it' },
  sureAhead: { sv: 'Ja, vi tar dem från nästa år', en: 'Yes, we take them from the next year' },
  phone: { sv: 'Telefon', en: 'Phone' },
  optional: { sv: 'om du vill', en: 'if you like' },
  takeAhead: { sv: 'Ta timmarna från nästa avtalsår', en: 'Take the hours from the next agreement year' },
  take: { sv: 'Ta från nästa år', en: 'Take from the next year' },
  talk: { sv: 'Prata med oss först', en: 'Talk to us first' },
  callMe: { sv: 'Ring mig', en: 'Call me' },
  backToOrder: { sv: 'Tillbaka', en: 'Back' },
} satisfies Record<string, Text>;

/** How the code is asked for. */
export const orderCode: CodeWords = {
  title: { sv: 'Se priset och beställ', en: 'See the price and order' },
  ask: {
    sv: 'Mejl kan vidarebefordras. Därför behövs en kod för att visa priset och för att beställa.',
    en: 'Mails can be forwarded. So it takes a code to show the price and to order.',
  },
  role: {
    sv: 'Den hos er som har rollen ledning eller ekonomi i avtalet kan se priset och beställa. Be dem öppna länken i sitt eget mejl.',
    en: 'Those of you who have the role of management or finance in the agreement can see the price and order. Ask them to open the link in their own mail.',
  },
  entered: {
    sv: 'Du kan beställa i en timme i den här webbläsaren.',
    en: 'You can order for an hour in this browser.',
  },
};

/** Sentences with something to fill in, and titles. */
export const orderSays = {
  title: { sv: 'Timmar utöver timbanken, {customer}', en: 'Hours beyond the hour bank, {customer}' },
  about: { sv: 'Timmar utöver timbanken', en: 'Hours beyond the hour bank' },
  phone: { sv: '{about}, telefon {phone}', en: '{about}, phone {phone}' },
  waits: {
    sv: '{hours} av vårt arbete sedan {since} ligger utöver er timbank och väntar på er beställning. Det debiteras inte förrän ni har beställt det. Gör ni inget väntar timmarna, och till slut hör vi av oss.',
    en: '{hours} of our work since {since} lie beyond your hour bank and wait for your order. They are not charged until you have ordered them. If you do nothing the hours wait, and in the end we call you.',
  },
  nothing: {
    sv: 'Just nu väntar inga timmar utöver timbanken på beställning. Ni behöver inte göra något.',
    en: 'No hours beyond the hour bank wait for an order now. There is nothing for you to do.',
  },
  onItsWay: {
    sv: 'En beställning är mottagen {day} och bekräftas med mejl. Ni behöver inte beställa igen.',
    en: 'An order was received on {day} and is confirmed by mail. You need not order again.',
  },
  orderHint: {
    sv: 'Priset är {price} per timme exkl. moms. Bara det som verkligen används debiteras, aldrig mer än det ni beställer.',
    en: 'The price is {price} an hour excl. VAT. Only what is really used is charged, never more than you order.',
  },
  package: {
    sv: '{hours} för {amount} exkl. moms ({price}/tim)',
    en: '{hours} for {amount} excl. VAT ({price}/h)',
  },
  ahead: {
    sv: 'Timmarna som väntar, {hours}, dras från nästa avtalsårs timbank. De kostar inget extra, men så många färre finns då.',
    en: "The hours that wait, {hours}, are drawn from the next agreement year's hour bank. They cost nothing more, but there will be so many fewer then.",
  },
  call: {
    sv: '{name} ringer upp dig. Det går också att skriva till {email}.',
    en: '{name} will call you. You can also write to {email}.',
  },
  callOrPhone: {
    sv: '{name} ringer upp dig. Det går också att ringa {phone} eller skriva till {email}.',
    en: '{name} will call you. You can also call {phone} or write to {email}.',
  },
  hoursWrong: {
    sv: 'Skriv hur många timmar, som 10 eller 7:30; du skrev ”{found}”.',
    en: 'Write how many hours, as 10 or 7:30; you wrote “{found}”.',
  },
  hoursMissing: {
    sv: 'Skriv hur många timmar ni beställer som mest.',
    en: 'Write how many hours you order at most.',
  },
  hoursMost: {
    sv: 'Högst 2 000 timmar kan beställas på en gång; du skrev {found}.',
    en: 'At most 2,000 hours can be ordered at once; you wrote {found}.',
  },
  untilWrong: {
    sv: 'Skriv en dag från {today} till {latest}, som {until}; du skrev ”{found}”.',
    en: 'Write a day from {today} to {latest}, as {until}; you wrote “{found}”.',
  },
  notSure: {
    sv: 'Kryssa i att ni vill det, så blir det en beställning.',
    en: 'Tick that you want it, and it becomes an order.',
  },
  noPackage: {
    sv: 'Paketet säljs inte längre. Välj ett av dem som visas.',
    en: 'The package is not sold any more. Choose one of those shown.',
  },
  notAhead: {
    sv: 'Timmarna kan inte tas från nästa avtalsår, eftersom avtalet upphör innan dess.',
    en: 'The hours cannot be taken from the next agreement year: the agreement ends before.',
  },
  ended: {
    sv: 'Avtalet har upphört, så det går inte att beställa här. Ingenting är ändrat. Skriv till {name}, {email}.',
    en: 'The agreement has ended, so nothing can be ordered here. Nothing was changed. Write to {name}, {email}.',
  },
  thanksOrder: { sv: 'Tack för beställningen', en: 'Thank you for the order' },
  ordered: {
    sv: 'Ni har beställt upp till {hours} utöver timbanken, för arbete till och med {until}. Det kostar högst {amount} exkl. moms.',
    en: 'You have ordered up to {hours} beyond the hour bank, for work up to and including {until}. It costs at most {amount} excl. VAT.',
  },
  rest: { sv: '{hours} väntar fortfarande på beställning.', en: '{hours} still wait for an order.' },
  bought: {
    sv: 'Ni har köpt ett paket om {hours} för {amount} exkl. moms.',
    en: 'You have bought a package of {hours} for {amount} excl. VAT.',
  },
  taken: {
    sv: 'Ni tar {hours} från nästa avtalsårs timbank.',
    en: "You take {hours} from the next agreement year's hour bank.",
  },
  confirmed: {
    sv: 'En bekräftelse mejlas om några minuter till alla hos er med rollen ledning eller ekonomi. Stämmer något inte, hör av dig till {name}, {email}.',
    en: 'A confirmation is mailed in some minutes to all of you with the role of management or finance. If something is not right, tell {name}, {email}.',
  },
  thanksCall: { sv: 'Tack, vi ringer', en: 'Thank you, we will call' },
  called: {
    sv: '{name} har fått veta att du vill bli uppringd.',
    en: '{name} has been told that you want to be called.',
  },
  calledMore: {
    sv: 'Timmarna väntar så länge, och debiteras inte. Du kan också skriva till {email}.',
    en: 'The hours wait meanwhile and are not charged. You can also write to {email}.',
  },
} satisfies Record<string, Text>;
