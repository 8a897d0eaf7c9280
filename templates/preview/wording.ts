/** What a preview of changed terms says, in Swedish and English. */
import { counted, formOf } from '../../rules/engine/basics/counted';
import type { Language } from '../../rules/engine/basics/text';

export interface PreviewWords {
  title: string;
  /** What the signs before the lines mean, for who hears the page. */
  signs: Record<'+' | '-' | '~' | '!' | '=', string>;
  against: (proposed: string, inForce: string, day: string) => string;
  live: (count: number) => string;
  values: string;
  obligations: string;
  mails: string;
  later: (what: string, day: string) => string;
  amounts: string;
  broken: string;
  unusable: string;
  hint: string;
  keepsPhases: string;
  cannotMove: (why: string) => string;
  moves: string;
  /** Of an upgrade that an earlier year left. */
  ofYear: (year: number, said: string) => string;
  running: string;
  moveQuestion: (count: number) => string;
  moved: (count: number, running: boolean) => string;
  noneMoves: string;
  year: (number: number, from: string, to: string) => string;
  from: (day: string) => string;
  /** Where a value stands, and by which rule. */
  by: (place: string, rule: string) => string;
  late: string;
  more: (count: number) => string;
  nothing: string;
  /** A package of hours: how many, what one costs, and what all cost. */
  package: (hours: string, price: string, amount: string) => string;
  hourPrice: string;
  overagePrice: string;
  bankValue: string;
  bankValues: (from: string, to: string) => string;
  instalment: string;
  rolloverAtMost: string;
  proposedPrice: string;
  promise: (signed: string, now: string) => string;
  dearer: (period: string, now: string) => string;
  periodHint: string;
  allValues: string;
  agreements: (count: number) => string;
  noValues: string;
  notShown: (count: number) => string;
  untouched: (count: number) => string;
  changed: (count: number) => string;
  counts: (what: string, added: number, removed: number, moved: number) => string;
  brokenCount: (count: number) => string;
  unusableCount: (count: number) => string;
  futureOnly: string;
  /** Agreements whose upgrade the releases concern. */
  targets: (count: number) => string;
  /** Agreements that get another time from a campaign. */
  windows: (count: number) => string;
  nothingWritten: string;
  none: string;
  question: (hash: string) => string;
  choice: string;
  applied: (hash: string) => string;
  told: (count: number, running: boolean) => string;
  stays: (hash: string) => string;
  unchanged: string;
  overtaken: string;
  /** Where the ruleset in force cannot be read. */
  cannotCompare: (hash: string, reason: string) => string;
}

export const previewWords: Record<Language, PreviewWords> = {
  sv: {
    title: 'Ändrade villkor',
    signs: { '+': 'tillkommer', '-': 'tas bort', '~': 'ändras', '!': 'tillåts inte', '=': 'som förut' },
    against: (proposed, inForce, day) =>
      `Regelfilerna (${proposed}) mot det som gäller (${inForce}), som det ser ut ${day}.`,
    live: (count) => `${count} löpande avtal gås igenom.`,
    values: 'villkor',
    obligations: 'åtaganden',
    mails: 'mejl',
    later: (what, day) => `${what} från ${day}, om allt till dess blir gjort i tid`,
    amounts: 'timmar och pengar',
    broken: 'mindre än vad som undertecknades',
    unusable: 'reglerna ger inga användbara villkor',
    keepsPhases:
      'Uppgraderingen har börjat och behåller sina faser; apply --move-upgrades ger den de nya, nästa får dem ändå',
    cannotMove: (why) => `Uppgraderingen har börjat och behåller sina faser: ${why}`,
    moves: 'Uppgraderingen har börjat och får de nya faserna; det som är gjort står kvar',
    ofYear: (year, said) => `Avtalsår ${year}: ${said}`,
    running: 'Uppgraderingar som pågår',
    moveQuestion: (count) =>
      `Ge ${counted(count, ['uppgradering som pågår', 'uppgraderingar som pågår'])} de nya faserna?`,
    moved: (count, running) =>
      `${counted(count, ['uppgradering', 'uppgraderingar'])} får de nya faserna ${running ? 'nu' : 'när `npm start` körs igen'}.`,
    noneMoves: 'Ingen uppgradering som pågår kan få andra faser. Inget att göra.',
    hint: 'Ange det undertecknade tilläggsavtalet i regeln ("amendment"), eller låt löftet stå.',
    year: (number, from, to) => `avtalsår ${number}, ${from} till ${to}`,
    from: (day) => `från ${day}`,
    by: (place, rule) => `${place} ”${rule}”`,
    late: 'senare än tänkt',
    more: (count) => `och ${count} till`,
    nothing: '(inget)',
    package: (hours, price, amount) => `${hours} à ${price}, ${amount} exkl. moms`,
    hourPrice: 'timpris efter rabatt',
    overagePrice: 'timpris utöver timbanken',
    bankValue: 'timbankens värde',
    bankValues: (from, to) => `Timbanker som ändras är sammanlagt värda ${from} → ${to} exkl. moms.`,
    instalment: 'delbetalning',
    rolloverAtMost: 'överföring, högst',
    proposedPrice: 'ordinarie timpris som föreslås',
    promise: (signed, now) => `undertecknat ${signed}, blir ${now}`,
    dearer: (period, now) => `priset stiger under perioden: den har ${period}, blir ${now}`,
    periodHint: 'Utan "appliesFrom": "now" väntar priset på nästa period.',
    allValues: 'Villkor som ändras',
    agreements: (count) => `${count} avtal`,
    noValues: 'Inga villkor ändras för löpande avtal.',
    notShown: (count) =>
      `${counted(count, ['ändrat', 'ändrade'])} avtal till; visa ${formOf(count, ['det', 'alla'])} med --all.`,
    untouched: (count) => `${count} avtal är ${formOf(count, ['oförändrat', 'oförändrade'])}.`,
    changed: (count) => `${count} avtal ändras.`,
    counts: (what, added, removed, moved) =>
      `${what}: ${added} tillkommer, ${removed} tas bort, ${moved} flyttas.`,
    brokenCount: (count) => `${count} avtal skulle få mindre än vad som undertecknades.`,
    unusableCount: (count) => `${count} avtal skulle stå utan användbara villkor.`,
    windows: (count) => `${counted(count, ['löpande avtal', 'löpande avtal'])} får en ny tid i utrullningen.`,
    targets: (count) => `Releaserna berör uppgraderingen i ${counted(count, ['avtal', 'avtal'])}.`,
    futureOnly:
      'Inga löpande avtal ändras; regelfilerna säger något nytt bara för kommande avtal och perioder.',
    nothingWritten: 'Inget är ändrat. Sätt reglerna i kraft med: npx serviceavtal apply',
    none: 'Regelfilerna säger det som redan gäller. Inget att göra.',
    question: (hash) => `Sätta reglerna ${hash} i kraft?`,
    choice: '[j/N]',
    applied: (hash) => `Reglerna ${hash} gäller nu.`,
    told: (count, running) =>
      `${count} löpande avtalsår får veta det ${running ? 'nu' : 'när `npm start` körs igen'}.`,
    stays: (hash) => `Reglerna sätts inte i kraft; ${hash} gäller som förut.`,
    unchanged: 'Inget är ändrat.',
    overtaken: 'Någon annan satte andra regler i kraft under tiden. Inget är ändrat; titta igen.',
    cannotCompare: (hash, reason) =>
      `Reglerna som gäller, ${hash}, kan inte läsas: ${reason}\nVad som ändras kan därför inte visas; alla löpande avtal planeras om.`,
  },
  en: {
    title: 'Changed terms',
    signs: { '+': 'added', '-': 'removed', '~': 'changed', '!': 'not allowed', '=': 'as before' },
    against: (proposed, inForce, day) =>
      `The rule files (${proposed}) against what is in force (${inForce}), as of ${day}.`,
    live: (count) => `${counted(count, ['live agreement is', 'live agreements are'])} gone through.`,
    values: 'terms',
    obligations: 'obligations',
    mails: 'mails',
    later: (what, day) => `${what} from ${day}, if all until then is done in time`,
    amounts: 'hours and money',
    broken: 'less than what was signed',
    unusable: 'the rules give no usable terms',
    keepsPhases:
      'The upgrade has begun and keeps its phases; apply --move-upgrades gives it the new ones, the next has them anyway',
    cannotMove: (why) => `The upgrade has begun and keeps its phases: ${why}`,
    moves: 'The upgrade has begun and takes the new phases; what is done stays',
    ofYear: (year, said) => `Agreement year ${year}: ${said}`,
    running: 'Upgrades under way',
    moveQuestion: (count) =>
      `Give ${counted(count, ['upgrade under way', 'upgrades under way'])} the new phases?`,
    moved: (count, running) =>
      `${counted(count, ['upgrade takes', 'upgrades take'])} the new phases ${running ? 'now' : 'when `npm start` runs again'}.`,
    noneMoves: 'No upgrade under way can take other phases. Nothing to do.',
    hint: 'Name the signed amendment in the rule ("amendment"), or let the promise stand.',
    year: (number, from, to) => `agreement year ${number}, ${from} to ${to}`,
    from: (day) => `from ${day}`,
    by: (place, rule) => `${place} "${rule}"`,
    late: 'later than meant',
    more: (count) => `and ${count} more`,
    nothing: '(nothing)',
    package: (hours, price, amount) => `${hours} at ${price}, ${amount} excl. VAT`,
    hourPrice: 'price per hour after discount',
    overagePrice: 'price of an hour beyond the bank',
    bankValue: 'value of the hour bank',
    bankValues: (from, to) => `Hour banks that change are worth ${from} → ${to} excl. VAT in all.`,
    instalment: 'instalment',
    rolloverAtMost: 'rollover, at most',
    proposedPrice: 'ordinary price per hour proposed',
    promise: (signed, now) => `signed ${signed}, becomes ${now}`,
    dearer: (period, now) => `the price rises within the period: it has ${period}, becomes ${now}`,
    periodHint: 'Without "appliesFrom": "now" the price waits for the next period.',
    allValues: 'Terms that change',
    agreements: (count) => counted(count, ['agreement', 'agreements']),
    noValues: 'No terms of live agreements change.',
    notShown: (count) =>
      `${counted(count, ['more changed agreement', 'more changed agreements'])}; show ${formOf(count, ['it', 'them'])} with --all.`,
    untouched: (count) => `${counted(count, ['agreement is', 'agreements are'])} untouched.`,
    changed: (count) => `${counted(count, ['agreement changes', 'agreements change'])}.`,
    counts: (what, added, removed, moved) => `${what}: ${added} added, ${removed} removed, ${moved} moved.`,
    brokenCount: (count) =>
      `${counted(count, ['agreement', 'agreements'])} would get less than what was signed.`,
    unusableCount: (count) =>
      `${counted(count, ['agreement', 'agreements'])} would be left without usable terms.`,
    windows: (count) =>
      `${counted(count, ['running agreement gets', 'running agreements get'])} another time from the campaign.`,
    targets: (count) => `The releases concern the upgrade of ${counted(count, ['agreement', 'agreements'])}.`,
    futureOnly:
      'No live agreement changes; the rule files say something new for agreements and periods to come only.',
    nothingWritten: 'Nothing was changed. Put the rules in force with: npx serviceavtal apply',
    none: 'The rule files say what is in force already. Nothing to do.',
    question: (hash) => `Put ruleset ${hash} in force?`,
    choice: '[y/N]',
    applied: (hash) => `Ruleset ${hash} is in force.`,
    told: (count, running) =>
      `${counted(count, ['running year is', 'running years are'])} told ${running ? 'now' : 'when `npm start` runs again'}.`,
    stays: (hash) => `The ruleset stays out; ${hash} stays in force.`,
    unchanged: 'Nothing was changed.',
    overtaken: 'Somebody else put another ruleset in force meanwhile. Nothing was changed; look again.',
    cannotCompare: (hash, reason) =>
      `The ruleset in force, ${hash}, cannot be read: ${reason}\nWhat would change can therefore not be shown; every running agreement is planned anew.`,
  },
};
