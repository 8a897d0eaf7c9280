/** What the page says on which a customer approves an upgrade, in Swedish and English. */
import type { Text } from '../../rules/engine/basics/text';
import type { CodeWords } from './link-words';

export const approvalCode: CodeWords = {
  title: { sv: 'Godkänn med en kod', en: 'Approve with a code' },
  ask: {
    sv: 'För att godkänna behöver du en kod, som vi mejlar till dig.',
    en: 'To approve you need a code, which we mail to you.',
  },
  role: {
    sv: 'Uppgraderingen godkänns av någon med rollen systemägare eller ledning. Be en av dem att öppna sin egen länk.',
    en: 'The upgrade is approved by somebody with the role of system owner or management. Ask one of them to open their own link.',
  },
  entered: {
    sv: 'Koden är rätt. Du kan godkänna i en timme.',
    en: 'The code is right. You can approve for an hour.',
  },
};

export const approvalSays = {
  title: { sv: 'Godkänn uppgraderingen: {customer}', en: 'Approve the upgrade: {customer}' },
  about: { sv: 'Uppgraderingen: {customer}', en: 'The upgrade: {customer}' },
  approvedTitle: { sv: 'Uppgraderingen är godkänd: {customer}', en: 'The upgrade is approved: {customer}' },
  endedTitle: {
    sv: 'Uppgraderingen är avslutad utan ert godkännande: {customer}',
    en: 'The upgrade was ended without your approval: {customer}',
  },
  isApproved: { sv: 'Det här godkänns', en: 'What is approved' },
  wasApproved: { sv: 'Det här är godkänt', en: 'What was approved' },
  results: { sv: 'Resultatet', en: 'The results' },
  lead: {
    sv: 'Läs igenom resultatet. Du godkänner precis det som står här, även det som godtas trots att det inte är klart eller inte gäller er.',
    en: 'Read the results. You approve exactly what stands here, also what is accepted although it is not finished, and what does not concern you.',
  },
  onCopy: {
    sv: 'Allt är gjort i en kopia av ert system. Den nya versionen tas i drift efter godkännandet.',
    en: 'All was done in a copy of your system. The new version goes live after the approval.',
  },
  notYet: {
    sv: 'Det är inte dags att godkänna än: {phase} pågår. Så här står det nu.',
    en: 'It is not time to approve yet: {phase} is on. This is how it stands now.',
  },
  ended: {
    sv: 'Avtalet har upphört. Ingenting mer kan godkännas här.',
    en: 'The agreement has ended. Nothing more can be approved here.',
  },
  over: { sv: 'Uppgraderingen väntar inte på något godkännande.', en: 'The upgrade waits for no approval.' },
  approved: {
    sv: 'Godkänd av {name} {when}.',
    en: 'Approved by {name} {when}.',
  },
  approvedTold: {
    sv: 'Godkänd av {name}, enligt {by} som rapporterade det {when}.',
    en: 'Approved by {name}, says {by} who reported it {when}.',
  },
  approvedSum: {
    sv: 'Godkänd av {name} {when}. Kontrollsumma {sum}.',
    en: 'Approved by {name} {when}. Checksum {sum}.',
  },
  without: {
    sv: 'Avslutad utan kundens godkännande {when}, av {by}: {reason}',
    en: "Ended without the customer's approval {when}, by {by}: {reason}",
  },
  changed: {
    sv: '{name} godkände {when} (kontrollsumma {sum}), men resultatet har ändrats sedan dess. Därför behövs ett nytt godkännande. Det som är rapporterat efteråt är märkt ”nytt”.',
    en: '{name} approved {when} (checksum {sum}), but the results have changed since. So a new approval is needed. What was reported afterwards is marked “new”.',
  },
  passed: { sv: '{count} av {all} delar är godkända', en: '{count} of {all} parts have passed' },
  accepted: {
    sv: 'Godtas trots att det inte är klart: {part}. {by}: {reason}',
    en: 'Accepted although it is not finished: {part}. {by}: {reason}',
  },
  none: { sv: 'Gäller inte er: {parts}', en: 'Does not concern you: {parts}' },
  untested: {
    sv: 'Rapporterat av oss, inte av er: {count} testfall',
    en: 'Reported by us, not by you: {count} test cases',
  },
  isNew: { sv: 'nytt', en: 'new' },
  statement: {
    sv: 'Jag, {name}, godkänner för {customer} resultatet ovan, med kontrollsumman {sum}',
    en: 'I, {name}, approve for {customer} the results above, with the checksum {sum}',
  },
  notSure: { sv: 'Kryssa i rutan om du godkänner.', en: 'Tick the box if you approve.' },
  otherResults: {
    sv: 'Ingenting är godkänt: resultatet har ändrats sedan du öppnade sidan. Läs det som gäller nu.',
    en: 'Nothing was approved: the results have changed since you opened the page. Read what holds now.',
  },
  taken: {
    sv: 'Tack. Godkännandet är registrerat {when}.',
    en: 'Thank you. The approval was registered {when}.',
  },
  remains: {
    sv: 'Tack, det är registrerat {when}. {name} har fått veta det och återkommer till dig.',
    en: 'Thank you, it was registered {when}. {name} has been told and will come back to you.',
  },
  remainsWhat: { sv: 'Skriv vad som återstår.', en: 'Say what is left.' },
  remainsCall: { sv: 'Godkännandet av uppgraderingen: {note}', en: 'The approval of the upgrade: {note}' },
  noCase: { sv: 'Testfallet finns inte.', en: 'There is no such test case.' },
  otherThing: { sv: 'Något annat', en: 'Something else' },
  signature: {
    sv: 'Godkännandet är en enkel elektronisk underskrift enligt eIDAS: ditt namn, tiden och en kod som gick till din mejladress. Det är ingen avancerad eller kvalificerad underskrift. Kontrollsumman är räknad på varje del ovan, så att det går att visa precis vad du godkände.',
    en: 'The approval is a simple electronic signature in the terms of eIDAS: your name, the time, and a code that went to your mail address. It is neither an advanced nor a qualified one. The checksum is made of every part above, so that it can be shown exactly what you approved.',
  },
  checksum: { sv: 'Kontrollsumma: {sum}', en: 'Checksum: {sum}' },
  more: {
    sv: 'Undrar du något, eller vill du hellre svara på annat sätt? Hör av dig till {name}, {email}.',
    en: 'Any questions, or would you rather answer in another way? Contact {name}, {email}.',
  },
} satisfies Record<string, Text>;

/** Words of the template. */
export const approvalPageWords = {
  approve: { sv: 'Godkänn uppgraderingen', en: 'Approve the upgrade' },
  somethingRemains: { sv: 'Något återstår', en: 'Something is left' },
  somethingRemainsHint: {
    sv: 'Då väntar godkännandet. Gäller det ett testfall öppnas testet igen.',
    en: 'Then the approval waits. If it is about a test case, the test is opened again.',
  },
  remainsAbout: { sv: 'Vad gäller det', en: 'What is it about' },
  remainsNote: { sv: 'Vad återstår', en: 'What is left' },
  sendRemains: { sv: 'Skicka', en: 'Send' },
  kindOfSignature: { sv: 'Vad för slags underskrift det är', en: 'What kind of signature it is' },
} satisfies Record<string, Text>;
