/** What an audit finds, kind by kind: what it means, how it is mended where it can be, and what a person does otherwise. */
import type { Text } from '../../rules/engine/basics/text';

export interface AuditWords {
  /** What it means, as a heading. */
  means: Text;
  /** What `audit --repair` does about it, as far as that is safe. */
  mends?: Text;
  /** What a person does where it is not mended. */
  todo: Text;
}

// What several kinds say.
const settleMail: Text = {
  sv: 'Avgör det med npx serviceavtal mails resend eller confirm',
  en: 'Settle it by npx serviceavtal mails resend or confirm',
};
const writeWhatYearSays: Text = {
  sv: 'skriver i databasen det som året säger',
  en: 'writes into the database what the year says',
};
const readContractAnew: Text = {
  sv: 'låter övervakningen läsa avtalet på nytt',
  en: 'has the monitoring read the contract anew',
};
const seeMonitors: Text = {
  sv: 'Står det kvar efter --repair: se npx serviceavtal monitors',
  en: 'Where it stays after --repair: see npx serviceavtal monitors',
};

/** Of what is mended as a rule. */
const stays = {
  sv: 'Står det kvar efter --repair: hör av dig till den som utvecklar systemet',
  en: 'Where it stays after --repair: tell whoever develops the system',
};

const temporal = {
  runMissing: {
    means: {
      sv: 'Ett arbetsflöde som ska löpa gör det inte',
      en: 'A workflow that should run does not',
    },
    mends: {
      sv: 'startar det, där allt det behöver finns i databasen',
      en: 'starts it, where all it needs is in the database',
    },
    todo: {
      sv: 'npx serviceavtal agreements cure med avtalets nummer visar vad som kan tas tillbaka. Finns historiken inte kvar i Temporal: återställ säkerhetskopian',
      en: 'npx serviceavtal agreements cure with the number of the agreement shows what can be brought back. Where Temporal has no history of it any more: restore the back-up',
    },
  },
  runOrphaned: {
    means: {
      sv: 'Ett arbetsflöde löper fast det inte ska',
      en: 'A workflow runs that should not',
    },
    mends: {
      sv: 'säger till övervakningen av ett avtal som har upphört, så att den avslutar sig',
      en: 'tells the monitoring of an agreement that has ended, so that it ends itself',
    },
    todo: {
      sv: 'Är databasen återställd från en äldre kopia? Återställ då en som hör ihop med Temporal. Ett avtal som har upphört kan ha mejl kvar som väntar på en människa: se dess sida. Annars: avsluta arbetsflödet i Temporal',
      en: 'Was the database restored from an older copy? Then restore one that belongs with Temporal. An agreement that has ended may have mails that wait for a person: see its page. Otherwise: terminate the workflow in Temporal',
    },
  },
  runTwice: {
    means: { sv: 'Ett avtal har två arbetsflöden', en: 'An agreement has two workflows' },
    todo: {
      sv: 'Avsluta i Temporal det vars id inte är det vanliga, när du har sett på dess sida att inget bara finns där',
      en: 'Terminate in Temporal the one whose id is not the usual one, once its page shows that nothing stands there alone',
    },
  },
  runYear: {
    means: {
      sv: 'Ett avtal löper i ett annat år än databasen säger',
      en: 'An agreement runs in another year than the database says',
    },
    todo: {
      sv: 'Databasen och Temporal är olika gamla: återställ en säkerhetskopia där de hör ihop. Är ingen återställd: npx serviceavtal agreements sick',
      en: 'The database and Temporal are of different age: restore a back-up in which they belong together. If none was restored: npx serviceavtal agreements sick',
    },
  },
  runSilent: {
    means: {
      sv: 'Ett arbetsflöde svarar inte på frågan hur det står till',
      en: 'A workflow does not answer when asked how it stands',
    },
    todo: {
      sv: 'Se till att workern kör; npx serviceavtal agreements sick säger om arbetsflödet mår dåligt',
      en: 'See to it that the worker runs; npx serviceavtal agreements sick says whether the workflow is not well',
    },
  },
  readerMissing: {
    means: {
      sv: 'Någon ska få sammanställningar, men har ingen klocka för dem',
      en: 'Somebody is to get digests and has no clock for them',
    },
    mends: {
      sv: 'ger läsaren en klocka; det som redan skulle ha gått ut skickas inte',
      en: 'gives the reader a clock; what was due before is not sent',
    },
    todo: stays,
  },
} satisfies Record<string, AuditWords>;

const years = {
  planRevision: {
    means: {
      sv: 'Ett år löper efter en annan plan än den sparade',
      en: 'A year runs by another plan than the one that is kept',
    },
    todo: {
      sv: 'Databasen och Temporal är olika gamla: återställ en säkerhetskopia där de hör ihop, innan någon ändrar avtalet. Är ingen återställd: hör av dig till den som utvecklar systemet',
      en: 'The database and Temporal are of different age: restore a back-up in which they belong together, before anybody changes the agreement. If none was restored: tell whoever develops the system',
    },
  },
  obligationState: {
    means: {
      sv: 'Databasen säger annat om ett åtagande än avtalets år',
      en: 'The database says something else of an obligation than the year itself',
    },
    mends: writeWhatYearSays,
    todo: {
      sv: 'Fattas det i databasen: planera om året med npx serviceavtal apply',
      en: 'Where the database lacks it: have the year planned again by npx serviceavtal apply',
    },
  },
  attentionDiffers: {
    means: {
      sv: 'Databasen visar annat att se till än avtalets år',
      en: 'The database shows other points for attention than the year itself',
    },
    mends: writeWhatYearSays,
    todo: stays,
  },
  pageDiffers: {
    means: {
      sv: 'Listorna i Temporal visar annat att se till än avtalets sida',
      en: 'The lists in Temporal show other points for attention than the page of the agreement',
    },
    todo: {
      sv: 'Rättas av sig självt när något händer i avtalet. Skynda på: skicka noteAdded, och ta tillbaka den med stepUndone',
      en: 'It is put right as soon as something happens in the agreement. To hurry it: send noteAdded, and take it back by stepUndone',
    },
  },
  obligationOverlooked: {
    means: {
      sv: 'Ett åtagande har passerat sin dag utan att vara uppfyllt, påmint eller redovisat som missat',
      en: 'An obligation is past its day, and was neither met, escalated nor told as missed',
    },
    todo: {
      sv: 'Se avtalets sida, rapportera det som är gjort, och tala själv med kunden om det som inte är det',
      en: 'See the page of the agreement, report what is done, and speak to the customer yourself of what is not',
    },
  },
  yearNotClosed: {
    means: {
      sv: 'Ett år är slut utan att timmarna är avräknade',
      en: 'A year is over and its hours were not closed',
    },
    todo: {
      sv: 'Se avtalets sida: det kan vänta på ett villkor eller på databasen. Mår arbetsflödet dåligt: npx serviceavtal agreements cure',
      en: 'See the page of the agreement: it may wait for terms or for the database. Where the workflow is not well: npx serviceavtal agreements cure',
    },
  },
} satisfies Record<string, AuditWords>;

const mails = {
  mailGone: {
    means: {
      sv: 'Året har skickat ett mejl som databasen inte vet om',
      en: 'The year has sent a mail that the database does not know of',
    },
    todo: {
      sv: 'Databasen är troligen återställd: mejlet har gått ut. Skicka det inte igen utan att ha frågat mottagaren',
      en: 'The database was probably restored: the mail went out. Do not send it again without asking the recipient',
    },
  },
  mailOverdue: {
    means: {
      sv: 'Ett mejl skulle ha gått ut för mer än ett dygn sedan',
      en: 'A mail should have gone out more than a day ago',
    },
    todo: {
      sv: 'Se avtalets sida: står året stilla, se npx serviceavtal agreements sick. Ring den som väntar på mejlet',
      en: 'See the page of the agreement: where the year stands still, see npx serviceavtal agreements sick. Call whoever waits for the mail',
    },
  },
  mailHalfSent: {
    means: {
      sv: 'Ett mejl lämnades till mejlservern, och ingen noterade svaret',
      en: 'A mail was handed to the mail server, and nobody noted the answer',
    },
    mends: {
      sv: 'noterar det som osäkert; det skickas inte igen',
      en: 'notes it as unknown; it is not sent again',
    },
    todo: settleMail,
  },
  mailWaiting: {
    means: { sv: 'Ett mejl har väntat i mer än ett dygn', en: 'A mail has waited for more than a day' },
    todo: {
      sv: 'Se npx serviceavtal mails list, och att mejlservern svarar. npx serviceavtal mails resend försöker nu',
      en: 'See npx serviceavtal mails list, and that the mail server answers. npx serviceavtal mails resend tries now',
    },
  },
  mailUntold: {
    means: {
      sv: 'Ett mejl är osäkert eller avvisat, och ingen har fått veta det',
      en: 'A mail is unknown or was refused, and nobody was told',
    },
    mends: {
      sv: 'visar ett osäkert mejl på avtalets sida',
      en: 'shows an unknown mail on the page of its agreement',
    },
    todo: settleMail,
  },
  mailTwice: {
    means: { sv: 'Samma mejl står två gånger', en: 'The same mail stands twice' },
    todo: {
      sv: 'Någon kan ha fått det två gånger. Fråga, och be om ursäkt; hör sedan av dig till den som utvecklar systemet',
      en: 'Somebody may have it twice. Ask, and apologise; then tell whoever develops the system',
    },
  },
  mailOfNothing: {
    means: {
      sv: 'Ett mejl gick ut om ett åtagande som inte finns',
      en: 'A mail went out about an obligation that does not exist',
    },
    todo: {
      sv: 'Databasen kan vara återställd från en äldre kopia. Se vad mejlet sade, och om kunden väntar på det',
      en: 'The database may have been restored from an older copy. See what the mail said, and whether the customer waits for it',
    },
  },
} satisfies Record<string, AuditWords>;

const hours = {
  hoursDiffer: {
    means: {
      sv: 'Året räknar med andra timmar än timbanken',
      en: 'The year reckons with other hours than the hour bank',
    },
    mends: {
      sv: 'säger till året, som läser timbanken på nytt',
      en: 'tells the year, which reads the hour bank anew',
    },
    todo: stays,
  },
  hoursWaiting: {
    means: { sv: 'Rapporterade timmar är inte bokförda', en: 'Reported hours are not booked' },
    todo: {
      sv: 'Åtgärda det som avtalets sida säger, och skicka failuresRetried: timmarna bokförs då',
      en: 'Mend what the page of the agreement says, and send failuresRetried: the hours are booked then',
    },
  },
  entryMissing: {
    means: { sv: 'En rad saknas i en timbank', en: 'An entry of an hour bank is missing' },
    todo: {
      sv: 'Raderna numreras utan luckor. Jämför med det senaste timbanksbeskedet, och rapportera det som fattas',
      en: 'Entries are numbered without gaps. Compare with the last statement, and report what is missing',
    },
  },
  refTwice: {
    means: {
      sv: 'Två gällande rader i en timbank har samma referens',
      en: 'Two entries of an hour bank that stand have the same reference',
    },
    todo: {
      sv: 'Se npx serviceavtal hours, och ta tillbaka den ena',
      en: 'See npx serviceavtal hours, and take one of them back',
    },
  },
  unbalanced: {
    means: {
      sv: 'En transaktion i timboken går inte jämnt upp',
      en: 'A transaction of the hour ledger does not add up to zero',
    },
    todo: {
      sv: 'Någon har skrivit i databasen förbi programmet. Se vem, och hör av dig till den som utvecklar systemet; saldon läses inte härifrån',
      en: 'Somebody wrote into the database past the program. See who, and tell whoever develops the system; balances are not read from here',
    },
  },
  postingsDiffer: {
    means: {
      sv: 'Timbokens konton stämmer inte med det som är rapporterat',
      en: 'The accounts of the hour ledger do not agree with what was reported',
    },
    mends: { sv: 'bokför skillnaden', en: 'posts the difference' },
    todo: stays,
  },
} satisfies Record<string, AuditWords>;

const around = {
  outboxStuck: {
    means: { sv: 'Något har inte nått Temporal', en: 'Something has not reached Temporal' },
    todo: {
      sv: 'Det försöks igen av sig självt, utan slut. Se att npm start kör, att Temporal svarar, och vad felet säger',
      en: 'It is tried again by itself, without end. See that npm start runs, that Temporal answers, and what the error says',
    },
  },
  deliveryStuck: {
    means: {
      sv: 'En leverans från en signeringstjänst väntar, och ingen vet varför',
      en: 'A delivery of a signing service waits, and nobody knows why',
    },
    todo: {
      sv: 'Se npx serviceavtal intake list; npx serviceavtal intake retry försöker igen',
      en: 'See npx serviceavtal intake list; npx serviceavtal intake retry tries again',
    },
  },
  checkMissing: {
    means: { sv: 'En kontroll som är avtalad görs inte', en: 'A check that was agreed on is not made' },
    mends: readContractAnew,
    todo: seeMonitors,
  },
  checkUndeclared: {
    means: { sv: 'En kontroll görs som ingen har avtalat', en: 'A check is made that nobody agreed on' },
    mends: readContractAnew,
    todo: seeMonitors,
  },
  checkSilent: {
    means: {
      sv: 'En kontroll har inte gjorts så ofta som den ska',
      en: 'A check was not made as often as it should be',
    },
    mends: {
      sv: 'begär ett nytt resultat, och startar bevakningen om den inte kör',
      en: 'asks for a new result, and starts the watch where it does not run',
    },
    todo: {
      sv: 'Se att workern på platsen kör: npx serviceavtal monitors',
      en: 'See that the worker of the place runs: npx serviceavtal monitors',
    },
  },
  incidentStale: {
    means: {
      sv: 'Ett larm är öppet fast kontrollen är bra, eller inte finns',
      en: 'An incident is open though its check is well, or gone',
    },
    mends: {
      sv: 'begär ett nytt resultat, som stänger larmet om allt är bra',
      en: 'asks for a new result, which closes the incident if all is well',
    },
    todo: { sv: 'Se npx serviceavtal monitors', en: 'See npx serviceavtal monitors' },
  },
  versionDiffers: {
    means: {
      sv: 'En kontroll har hittat en annan version än avtalet säger',
      en: 'A check found another version than the contract says',
    },
    todo: {
      sv: 'Vilken som är rätt avgör en människa: npx serviceavtal change rättar avtalet',
      en: 'Which is right a person says: npx serviceavtal change puts the contract right',
    },
  },
  versionNotTaken: {
    means: {
      sv: 'Avtalet har inte den version som uppgraderingen gav',
      en: 'The contract does not have the version that the upgrade gave',
    },
    todo: {
      sv: 'npx serviceavtal change rättar avtalet',
      en: 'npx serviceavtal change puts the contract right',
    },
  },
  fileDamaged: {
    means: {
      sv: 'Något sparat är inte längre det som sparades',
      en: 'Something kept is no longer what was kept',
    },
    todo: {
      sv: 'Hämta det ur en säkerhetskopia, och se efter vad som hänt med databasens disk',
      en: 'Take it from a back-up, and see what happened to the disk of the database',
    },
  },
  invoiceCounter: {
    means: {
      sv: 'Fakturaunderlagens nummer har luckor, eller skulle komma igen',
      en: 'The numbers of invoice bases have gaps, or would come again',
    },
    mends: { sv: 'höjer räknaren till det högsta numret', en: 'raises the counter to the highest number' },
    todo: {
      sv: 'Underlag fattas: databasen kan vara återställd från en äldre kopia. Jämför med affärssystemet innan någon gör ett nytt',
      en: 'Bases are missing: the database may have been restored from an older copy. Compare with the ERP before anybody makes a new one',
    },
  },
} satisfies Record<string, AuditWords>;

const afterwards = {
  sv: 'npx serviceavtal restore --missing listar det, och --send skickar meddelandena till avtalen igen',
  en: 'npx serviceavtal restore --missing lists it, and --send sends the messages to the agreements again',
};

/** After a restoration. */
const lost = {
  lostAgreement: {
    means: {
      sv: 'Ett avtal gick förlorat vid återställningen',
      en: 'An agreement was lost by the restoration',
    },
    todo: {
      sv: 'Signera det igen: npx serviceavtal intake, eller sign',
      en: 'Sign it again: npx serviceavtal intake, or sign',
    },
  },
  lostMessage: {
    means: {
      sv: 'Ett meddelande till ett avtal gick förlorat vid återställningen',
      en: 'A message to an agreement was lost by the restoration',
    },
    todo: afterwards,
  },
  lostHours: {
    means: { sv: 'Timmar gick förlorade vid återställningen', en: 'Hours were lost by the restoration' },
    todo: afterwards,
  },
  lostMail: {
    means: {
      sv: 'Ett mejl gick ut, och återställningen glömde det',
      en: 'A mail went out, and the restoration forgot it',
    },
    todo: {
      sv: 'Det skickas inte igen. Kom ihåg att mottagaren har det',
      en: 'It is not sent again. Remember that the recipient has it',
    },
  },
  lostBasis: {
    means: {
      sv: 'Ett fakturaunderlag gick förlorat vid återställningen',
      en: 'An invoice basis was lost by the restoration',
    },
    todo: {
      sv: 'Fakturera det inte en gång till: jämför med affärssystemet när nästa underlag görs',
      en: 'Do not invoice it twice: compare with the ERP when the next basis is made',
    },
  },
} satisfies Record<string, AuditWords>;

/** In the order in which they are told. */
const all = { ...lost, ...temporal, ...years, ...mails, ...hours, ...around };

export type AuditKind = keyof typeof all;

export const auditKinds = Object.keys(all) as AuditKind[];

/** The words of a kind; one that an earlier version kept reads as it is. */
export const auditWords = (kind: AuditKind): AuditWords => all[kind];
