/** The words of `--help` in Swedish, by the English ones that the commands are written with. */
export const swedishHelp: Readonly<Record<string, string>> = {
  'Runs service agreements: a signed contract becomes a workflow that carries the agreement year by year.':
    'Driver serviceavtal: ett signerat avtal blir ett arbetsflöde som bär avtalet år för år.',
  'prints the version of the product': 'skriver ut produktens version',
  'starts the local stack, the worker and the dispatcher; Ctrl-C stops everything':
    'startar den lokala stacken, workern och dispatchern; Ctrl-C stoppar allt',
  'language of what is shown (SERVICEAVTAL_STAFF_LANGUAGE, or sv)':
    'språket för det som visas (SERVICEAVTAL_STAFF_LANGUAGE, eller sv)',
  'language of what is found (SERVICEAVTAL_STAFF_LANGUAGE, or sv)':
    'språket för det som hittas (SERVICEAVTAL_STAFF_LANGUAGE, eller sv)',
  'language of what is said (SERVICEAVTAL_STAFF_LANGUAGE, or sv)':
    'språket för det som sägs (SERVICEAVTAL_STAFF_LANGUAGE, eller sv)',
  'plays the agreement in virtual time, apart from live agreements, and tells its timeline':
    'spelar avtalet i virtuell tid, skilt från levande avtal, och berättar dess tidslinje',
  'how many agreement years': 'hur många avtalsår',
  'diligent: everybody acts on time; silent: nobody acts; or a file of steps':
    'diligent: alla gör sitt i tid; silent: ingen gör något; eller en fil med steg',
  'rule files to play by (the working files)': 'regelfiler att spela efter (arbetsfilerna)',
  'leave the played workflow in Temporal for a look, and print its link':
    'låt det spelade arbetsflödet finnas kvar i Temporal, och skriv ut dess länk',
  'write every mail as it went out, and its HTML to look at; an empty or new folder':
    'skriv varje mejl som det gick ut, och dess HTML att titta på; en tom eller ny mapp',
  'address that gets the invoice basis of each month (none: made by command alone)':
    'adress som får fakturaunderlaget varje månad (ingen: bara kommandot gör det)',
  'profile in rules/exports by which that mail has a file for the ERP (none)':
    'profil i rules/exports som ger mejlet en fil till affärssystemet (ingen)',
  'print one document': 'skriv ut ett dokument',
  'name of this version of the worker (made from the code)':
    'namn på den här versionen av workern (bildas av koden)',
  'versions of the program: which agreements are on which, and moving them':
    'programmets versioner: vilka avtal som körs på vilken, och hur de flyttas',
  'the versions, what runs on each, and what has gone wrong there':
    'versionerna, vad som körs på var och en, och vad som gått fel där',
  'replays the histories of everything that runs with this code; changes nothing':
    'spelar upp historiken för allt som körs med den här koden; ändrar inget',
  'every one; of more than 2000 some of each type, version and size are replayed otherwise':
    'alla; av fler än 2000 prövas annars några av varje typ, version och storlek',
  'as `deploy status` shows it; without it the one that runs and is not current':
    'som `deploy status` visar den; utan den den som körs och inte gäller',
  'moves some agreements, with their monitoring, to a version':
    'flyttar några avtal, med deras övervakning, till en version',
  'one in so many agreements, at least one': 'ett av så många avtal, minst ett',
  'makes a version current, and moves everything to it, in batches':
    'låter en version gälla, och flyttar allt till den, i omgångar',
  'also where something on the version is not well': 'också där något på versionen inte mår bra',
  'has new agreements begin on the version before again; what was moved stays where it is':
    'låter nya avtal börja på versionen före igen; det som flyttats stannar där det är',
  'the invoice basis of a month: what to invoice and what to credit, for the ERP':
    'fakturaunderlaget för en månad: vad som ska faktureras och krediteras, till affärssystemet',
  'makes up a month, once, and shows it': 'gör en månads underlag, en gång, och visar det',
  'as 2027-03; the running one without it': 'som 2027-03; utan den den löpande',
  'one agreement alone': 'bara ett avtal',
  "also a file for an ERP's order import, by a profile of rules/exports":
    'också en fil till affärssystemets orderimport, enligt en profil i rules/exports',
  'write the rows as a table (.csv), and the export beside it':
    'skriv raderna som en tabell (.csv), och exporten bredvid',
  'show what it would be, and keep nothing': 'visa vad det skulle bli, och spara inget',
  'a table: the basis and the number of its invoice': 'en tabell: underlaget och fakturans nummer',
  'keeps which invoices the ERP made of the bases; credit notes name them':
    'sparar vilka fakturor affärssystemet gjort av underlagen; kreditnotor nämner dem',
  'who reports it (you, as the system knows you)': 'vem som rapporterar det (du, som systemet känner dig)',
  'the last day that counts, as 2027-12-31': 'den sista dagen som räknas, som 2027-12-31',
  'what unused prepaid hours are worth on a day, agreement by agreement':
    'vad outnyttjade förbetalda timmar är värda en dag, avtal för avtal',
  'print one document; times are whole seconds, money minor units':
    'skriv ut ett dokument; tider är hela sekunder, pengar ören',
  'the contract, for example examples/testbolaget.json': 'avtalet, till exempel examples/testbolaget.json',
  'mails whose fate a person has to settle': 'mejl vars öde en människa får avgöra',
  'mails that are unknown, refused or waiting': 'mejl som är osäkra, avvisade eller väntar',
  'sends a mail that is unknown or refused once more, under the same Message-ID':
    'skickar ett mejl som är osäkert eller avvisat en gång till, med samma Message-ID',
  'as `mails list` shows it': 'som `mails list` visar det',
  'notes that an unknown mail did arrive': 'noterar att ett osäkert mejl kom fram',
  'personal links in mails: whom each went to, and what was done':
    'personliga länkar i mejl: vem de gick till, och vad som gjorts',
  'the links that hold, and those that were refused lately: for whom, what for, and when':
    'länkarna som gäller, och de som nyligen avvisades: för vem, till vad och när',
  'as `links` lists it': 'som `links` listar den',
  'one link, and who did what by it': 'en länk, och vem som gjort vad med den',
  'revokes one link, or all that somebody has of an agreement: they open nothing any more':
    'återkallar en länk, eller alla som någon har i ett avtal: de öppnar ingenting mer',
  "the agreement's number, with --contact": 'avtalets nummer, tillsammans med --contact',
  "whose links: the contact's id, or the address they went to":
    'vems länkar: kontaktens id, eller adressen de gick till',
  "who revokes them (the system's user)": 'vem som återkallar dem (systemets användare)',
  'removes the data of the local stack: agreements, mails, histories':
    'tar bort den lokala stackens data: avtal, mejl, historik',
  'do not ask': 'fråga inte',
  'copies all databases of the local stack as they are at one moment, while it runs or not':
    'kopierar den lokala stackens alla databaser som de är i ett ögonblick, medan den kör eller inte',
  'a new or empty folder, best on another disk': 'en ny eller tom mapp, helst på en annan disk',
  'puts a back-up into an empty data folder (SERVICEAVTAL_DATA); nothing that went out since goes out again, and what is missing is listed':
    'lägger en säkerhetskopia i en tom datamapp (SERVICEAVTAL_DATA); inget som gått ut sedan dess går ut igen, och det som saknas listas',
  'the back-up': 'säkerhetskopian',
  'looks at every connection, setting, clock, disk, queue and version: what is wrong and what to do':
    'ser på varje förbindelse, inställning, klocka, disk, kö och version: vad som är fel och vad som ska göras',
  'the record outside of the database (SERVICEAVTAL_RECORD)':
    'journalen utanför databasen (SERVICEAVTAL_RECORD)',
  'there is none: mails that were due since the back-up are held for a person':
    'det finns ingen: mejl som skulle ha gått sedan dess hålls för att någon ska avgöra det',
  'after a restoration: list again what it lost, by the record; restores nothing':
    'efter en återställning: lista igen vad den förlorade, enligt journalen; återställer inget',
  'with --missing: send the messages that agreements lost once more':
    'med --missing: skicka de meddelanden som avtal förlorat en gång till',
  'folder of the record outside of the database, best on another disk (record in the data folder)':
    'mapp för journalen utanför databasen, helst på en annan disk (record i datamappen)',
  'signs a contract: its agreement starts by itself, once; --batch takes over many':
    'signerar ett avtal: det startar av sig självt, en gång; --batch tar över många',
  'a folder of JSON files, or a table (.csv, .txt): agreements in the middle of their year':
    'en mapp med JSON-filer, eller en tabell (.csv, .txt): avtal mitt i sitt år',
  'check, show what would become of each, and sign nothing':
    'kontrollera, visa vad det skulle bli av vart och ett, och signera inget',
  'an agreement that began before today is new here: all that was signed is owed in what is left of its year':
    'ett avtal som började före i dag är nytt här: allt som signerats ska göras i det som är kvar av året',
  'what the table is in, where that cannot be told from its letters':
    'tabellens teckenkodning, där bokstäverna inte visar den',
  'what lives, where each strand stands, what is due next and who owes it; where the stack is. With a number also what can be reported now, asked of the running agreement itself':
    'vad som löper, hur långt varje del har kommit, vad som är på tur och hos vem; var stacken finns. Med ett nummer också vad som kan rapporteras nu, enligt det löpande avtalet självt',
  "an agreement's number; all without it": 'ett avtalsnummer; utan det alla',
  'agreements whose workflow is not well, and their cure':
    'avtal vars arbetsflöde inte mår bra, och hur de botas',
  'what is not well, since when and why': 'vad som inte mår bra, sedan när och varför',
  'mends a workflow that is not well: says what is wrong and what it would do, asks, does it':
    'lagar ett arbetsflöde som inte mår bra: säger vad som är fel och vad det skulle göra, frågar, gör det',
  'print one document; asks nothing, so it takes --yes':
    'skriv ut ett dokument; frågar inget, så --yes behövs',
  "an agreement's number, or the id of a workflow such as monitoring-testbolaget-2027":
    'ett avtalsnummer, eller ett arbetsflödes id som monitoring-testbolaget-2027',
  'changes what needs no new signature: contacts, consultant, systems, integrations, monitors':
    'ändrar det som inte behöver signeras på nytt: kontakter, konsult, system, integrationer, övervakning',
  'takes effect at the beginning of this day (now)': 'gäller från början av den här dagen (nu)',
  "the agreement's number": 'avtalets nummer',
  'the whole contract as it shall be': 'hela avtalet som det ska vara',
  'contracts signed later for an agreement that runs: amendments and renewals':
    'avtal som signerats senare för ett löpande avtal: tillägg och förnyelser',
  'those that wait for a decision, and those that were decided':
    'de som väntar på beslut, och de som är beslutade',
  'who signed it, what it changes, and what becomes of the running year':
    'vem som signerade, vad det ändrar och vad det blir av det löpande året',
  'as `amendments list` shows it': 'som `amendments list` visar det',
  'shows what it changes, asks, and puts it in force on its day':
    'visar vad det ändrar, frågar, och låter det gälla från sin dag',
  'who approves it (the user of this machine)': 'vem som godkänner (den här datorns användare)',
  'leaves the agreement as it is': 'låter avtalet vara som det är',
  'why; kept with the amendment': 'varför; sparas med tillägget',
  'who declines it (the user of this machine)': 'vem som avböjer (den här datorns användare)',
  'dedicated consultants: what they have to do, and who stands in for them':
    'dedikerade konsulter: vad de har att göra, och vem som ersätter dem',
  'compares what should be with what is, agreement by agreement, and says every difference':
    'jämför vad som ska vara med vad som är, avtal för avtal, och säger varje skillnad',
  'mend what can be mended safely: shows it and asks': 'laga det som säkert kan lagas: visar det och frågar',
  'print one document; with --repair it asks nothing, so it takes --yes':
    'skriv ut ett dokument; med --repair ställs ingen fråga, så det kräver --yes',
  'who is the dedicated consultant of which agreements, what is due next, who is away when':
    'vem som är dedikerad konsult för vilka avtal, vad som är på tur, vem som är borta när',
  'gives all agreements of one consultant to another, for good or for leave':
    'ger en konsults alla avtal till en annan, för gott eller för en ledighet',
  'the last day of a leave: the day after, the first one is back':
    'ledighetens sista dag: dagen efter är den första tillbaka',
  'of who stands in, if that is the consultant of no agreement yet':
    'för den som ersätter, om den ännu inte är konsult för något avtal',
  'the same': 'detsamma',
  "the consultant's id, as `consultants list` shows it": 'konsultens id, som `consultants list` visar det',
  'the id of who stands in': 'id för den som ersätter',
  'checks the rule files, mappings and profiles: their shape, and what they mean together':
    'kontrollerar regelfiler, mappningar och profiler: deras form, och vad de betyder tillsammans',
  'folder of the rule files (SERVICEAVTAL_RULES, or rules)':
    'mappen med regelfilerna (SERVICEAVTAL_RULES, eller rules)',
  "runs managers' examples of what the rules are to give": 'kör chefernas exempel på vad reglerna ska ge',
  'lowest share of the rules that examples have to exercise':
    'lägsta andel av reglerna som exemplen måste pröva',
  'the terms of an agreement: value by value, where each comes from and why':
    'avtalets villkor: värde för värde, var vart och ett kommer ifrån och varför',
  "the terms of this day (today, or the agreement's first day)":
    'villkoren den här dagen (i dag, eller avtalets första dag)',
  'rule files to explain by (the ruleset in force)': 'regelfiler att förklara med (regelverket i kraft)',
  'shows what the rule files would change for every live agreement; writes nothing':
    'visar vad regelfilerna skulle ändra för varje löpande avtal; skriver inget',
  'rule files to look at (the working files)': 'regelfiler att titta på (arbetsfilerna)',
  'exit with 2 if the rule files say something new, with 0 if not, 1 on errors':
    'avsluta med 2 om regelfilerna säger något nytt, med 0 om inte, 1 vid fel',
  'draw every changed agreement, not only the first 20': 'rita varje ändrat avtal, inte bara de första 20',
  'for a pull request': 'för en pull request',
  'one page to send to somebody': 'en sida att skicka till någon',
  'print one document with everything': 'skriv ut ett dokument med allt',
  'checks and tests the rule files, shows what they change, asks, and puts them in force':
    'kontrollerar och prövar regelfilerna, visar vad de ändrar, frågar, och sätter dem i kraft',
  'rule files to apply (the working files)': 'regelfiler att sätta i kraft (arbetsfilerna)',
  'put a ruleset in force again that was so before, named by the beginning of its hash':
    'sätt ett regelverk i kraft igen som har varit det, namngivet med början av sin hash',
  'give upgrades under way the new phases where what is done of them fits; also of rules that are in force':
    'ger uppgraderingar som pågår de nya faserna där det som är gjort passar; också för regler som redan gäller',
  'why; kept with the ruleset': 'varför; sparas med regelverket',
  'who decides (the user of this machine)': 'vem som bestämmer (den här datorns användare)',
  'draw every changed agreement': 'rita varje ändrat avtal',
  'rulesets that are or were in force': 'regelverk som är eller har varit i kraft',
  'when each came into force, by whom and why; the newest first':
    'när vart och ett trädde i kraft, genom vem och varför; det nyaste först',
  'the rule files of a ruleset, as they were written': 'ett regelverks filer, som de skrevs',
  'write the files there instead, into a folder that does not exist yet':
    'skriv filerna dit i stället, i en mapp som inte finns än',
  'the beginning of its hash': 'början av dess hash',
  'rules that came, went or changed between two rulesets':
    'regler som kom, försvann eller ändrades mellan två regelverk',
  'the beginning of a hash': 'början av en hash',
  'the beginning of another': 'början av en annan',
  'the hour bank: what was given, used and corrected, what is left, what rolls over or expires':
    'timbanken: vad som givits, använts och rättats, vad som är kvar, vad som överförs eller upphör',
  "an agreement's hours in a year, entry by entry": 'ett avtals timmar under ett år, post för post',
  'moves hours that were booked on the wrong agreement: both sides or none':
    'flyttar timmar som bokfördes på fel avtal: båda sidor eller ingen',
  'its agreement and number, as `hours` shows it: testbolaget-2027/12':
    'dess avtal och nummer, som `hours` visar det: testbolaget-2027/12',
  'the agreement that the work was for': 'avtalet som arbetet gällde',
  'who approves more hours of a year whose final statement has gone out':
    'vem som godkänner mer tid på ett år vars slutbesked har gått ut',
  'who moves it (you, as the system knows you)': 'vem som flyttar den (du, som systemet känner dig)',
  'show what would become of both, and change nothing': 'visa vad det skulle bli av båda, och ändra inget',
  'print one document; asks nothing, so it takes --yes or --dry-run':
    'skriv ut ett dokument; frågar inget, så det kräver --yes eller --dry-run',
  "books time from a time system's file: all that is ours or nothing, and nothing twice":
    'bokför tid ur ett tidsystems fil: allt som är vårt eller inget, och inget två gånger',
  'how the file is read: rules/imports/<name>.json': 'hur filen läses: rules/imports/<namn>.json',
  'who approves work of long ago, or of a year whose final statement has gone out':
    'vem som godkänner arbete långt tillbaka, eller på ett år vars slutbesked har gått ut',
  'who imports it (you, as the system knows you)': 'vem som importerar (du, som systemet känner dig)',
  'show what would be booked, and change nothing': 'visa vad som skulle bokföras, och ändra inget',
  'an agreement year; the running one without it': 'ett avtalsår; utan det det löpande',
  'as it stands on a day: what is worked or expires later is left out':
    'som den står en dag: det som arbetas eller upphör senare är inte med',
  'as it was known then: what was recorded later is left out':
    'som den var känd då: det som skrevs in senare är inte med',
  'on which hours each entry drew and by which rule, what became of all hours given, and what was posted':
    'ur vilka timmar varje rad togs och enligt vilken regel, vad det blev av alla givna timmar, och vad som bokfördes',
  'print one document; times are whole seconds': 'skriv ut ett dokument; tider är hela sekunder',
  'what the rules decided: when, by which ruleset and rules, from which facts':
    'vad reglerna bestämde: när, genom vilket regelverk och vilka regler, av vilka fakta',
  'decide each again from what was kept; exit with 1 if one comes out differently':
    'bestäm vart och ett igen av det som sparats; avsluta med 1 om något blir annorlunda',
  'what was signed for an agreement, when and by whom, the signed papers, and the reports of its upgrades':
    'vad som signerats för ett avtal, när och av vem, de signerade papperen och rapporterna om uppgraderingar',
  'write papers and reports there as PDF; a file that differs is never overwritten':
    'skriv papper och rapporter dit som PDF; en fil som skiljer sig skrivs aldrig över',
  'ask the services anew for papers that are not here': 'fråga tjänsterna igen efter papper som saknas här',
  "support cases, told on the next meeting's agenda": 'supportärenden, som berättas på nästa mötes agenda',
  'imports cases, all or none; a known reference is brought up to date':
    'läser in ärenden, alla eller inga; en känd referens uppdateras',
  'check, tell what would happen, and write nothing':
    'kontrollera, berätta vad som skulle ske, och skriv inget',
  'import the rows without fault, although others have some': 'läs in de felfria raderna, fast andra har fel',
  'CSV, or the Unicode text of Excel': 'CSV, eller Unicode-text från Excel',
  'cases that were imported, the newest first': 'inlästa ärenden, de nyaste först',
  'how every check stands, and one of them now': 'hur varje kontroll står, och en av dem nu',
  'the state of every check, since when, last good, its incident; what is not checked, and why':
    'varje kontrolls läge, sedan när, senast bra, dess larm; vad som inte kontrolleras, och varför',
  'makes one check now where it is always made, and tells the full answer; its state stays as it is':
    'gör en kontroll nu där den alltid görs, och berättar hela svaret; dess läge ändras inte',
  "an agreement's number": 'ett avtalsnummer',
  "the check's id": 'kontrollens id',
  'where the upgrade of every customer stands: phase, days in it, whom it waits for, what is at risk':
    'var varje kunds uppgradering står: fas, dagar i den, vem den väntar på, vad som är i fara',
  'only those that go to this version': 'bara de som går till den här versionen',
  'the calendars of campaigns in force: whose system goes down when, and who is there':
    'kalendrarna för årets utrullningar som gäller: vems system stängs när, och vilka som är på plats',
  'only the calendar of this campaign': 'bara kalendern för den här utrullningen',
  'links to lists in the Web UI: agreements, overdue, needs attention, upgrades under way, alerts':
    'länkar till listor i Web UI: avtal, försenat, att se över, pågående uppgraderingar, larm',
  "only the agreements of this consultant: the contract's contacts.consultant.id":
    'bara den här konsultens avtal: contacts.consultant.id i avtalet',
  "makes a site's checks from inside the customer's network, outbound only; Ctrl-C stops it":
    'gör en plats kontroller inifrån kundens nät, bara utåt; Ctrl-C stoppar',
  'the site, as contracts and rule files name it': 'platsen, som avtal och regelfiler kallar den',
  'private addresses that checks may connect to': 'privata adresser som kontroller får ansluta till',
  'folders below which checks may look at files': 'mappar under vilka kontroller får titta på filer',
  "customers' jobs that report in: their last reports, their tokens":
    'kunders jobb som rapporterar in: senaste rapporter, deras nycklar',
  'what each job reported last, and by when it has to report again':
    'vad varje jobb rapporterade senast, och när det måste rapportera igen',
  'its number; all agreements without one': 'dess nummer; utan det alla avtal',
  'makes the token that a job reports with; it is shown once':
    'gör nyckeln som ett jobb rapporterar med; den visas en gång',
  'do not ask before a token is replaced': 'fråga inte innan en nyckel ersätts',
  'print one document; asks nothing, so a token is replaced with --yes only':
    'skriv ut ett dokument; frågar inget, så en nyckel ersätts bara med --yes',
  'its number': 'dess nummer',
  'id of a heartbeat check': 'id för en heartbeat-kontroll',
  'what signing services delivered, and what waits for a person':
    'vad signeringstjänster har levererat, och vad som väntar på en människa',
  'what waits for a person or could not be processed, newest last':
    'vad som väntar på en människa eller inte gick att behandla, det nyaste sist',
  'those in this state': 'de i det här läget',
  'those of this service': 'de från den här tjänsten',
  'so many of the newest': 'så många av de nyaste',
  'everything about one delivery, and what can be done with it':
    'allt om en leverans, och vad som går att göra med den',
  'write what came, byte for byte, to a file; - to the output':
    'skriv det som kom, byte för byte, till en fil; - till utmatningen',
  "what the service's API answered, in the place of what came":
    'vad tjänstens API svarade, i stället för det som kom',
  'as `intake list` shows it': 'som `intake list` visar det',
  'has one delivery, or all that wait, processed again; undoes a reject':
    'låter en leverans, eller alla som väntar, behandlas igen; ångrar ett reject',
  'all that `intake list` shows': 'alla som `intake list` visar',
  'with --all: those of this service': 'med --all: de från den här tjänsten',
  'who asks for it (you, as the system knows you)': 'vem som ber om det (du, som systemet känner dig)',
  'puts a delivery aside: no agreement becomes of it; `intake retry` undoes it':
    'lägger en leverans åt sidan: det blir inget avtal av den; `intake retry` ångrar det',
  'why; it is kept': 'varför; det sparas',
  'who rejects it (you, as the system knows you)': 'vem som avvisar (du, som systemet känner dig)',
  'shows the contract that a signed document gives, or what is missing':
    'visar avtalet som ett signerat dokument ger, eller vad som saknas',
  'the signing service: docusign, scrive, oneflow, signed':
    'signeringstjänsten: docusign, scrive, oneflow, signed',
  'what the service says of a document, JSON': 'vad tjänsten säger om ett dokument, JSON',

  // Settings.
  'PostgreSQL to use instead of the embedded one': 'PostgreSQL i stället för den inbyggda',
  'Temporal frontend to use instead of the embedded one, host:port':
    'Temporal i stället för den inbyggda, värd:port',
  'namespace of live agreements (serviceavtal)': 'namespace för löpande avtal (serviceavtal)',
  'mail server to use instead of the local catcher, smtp://…':
    'mejlserver i stället för den lokala, smtp://…',
  'folder of the local stack (.data)': 'den lokala stackens mapp (.data)',
  'folder of the rule files (rules)': 'mappen med regelfilerna (rules)',
  'task queue of the agreements (serviceavtal)': 'avtalens uppgiftskö (serviceavtal)',
  "sender's address (serviceavtal@localhost.localdomain)":
    'avsändarens adress (serviceavtal@localhost.localdomain)',
  "address told of workflows that are not well, and of what audits find (the agreements' managers are)":
    'adress som får veta om arbetsflöden som inte mår bra, och vad avstämningar hittar (annars avtalens chefer)',
  'language of what our own people read and of every command that has --language, sv or en (sv)':
    'språket för det vår egen personal läser och för varje kommando med --language, sv eller en (sv)',
  'address of the Web UI in mails and on the banner': 'adress till Web UI i mejl och vid start',
  'address the intake listens on (127.0.0.1)': 'adress som intaget lyssnar på (127.0.0.1)',
  'address under which others reach the intake, https://… (where it listens)':
    'adress där andra når intaget, https://… (där det lyssnar)',
  'json: a line for each request on standard error (none)':
    'json: en rad för varje anrop på standardfel (ingen)',
  'secret that links in mails are signed with, at least 32 characters (made and kept)':
    'hemlighet som länkar i mejl signeras med, minst 32 tecken (görs och sparas)',
  "proxies in front of the intake, whose X-Forwarded-For names the client: addresses or ranges, separated by commas (none: everybody's own address counts)":
    'proxyer framför intaget, vars X-Forwarded-For nämner klienten: adresser eller intervall, åtskilda av komma (inga: var och ens egen adress gäller)',
  'token that /metrics asks for (none: nobody may read it)':
    'nyckel som /metrics frågar efter (ingen: ingen får läsa det)',
  'address told every minute that all is well with us, https://… (none)':
    'adress som varje minut får veta att allt är väl hos oss, https://… (ingen)',
  'private addresses that checks here may connect to: ranges, separated by commas (none)':
    'privata adresser som kontroller här får ansluta till: intervall, åtskilda av komma (inga)',
  'folders below which checks here may look at files, separated as in PATH (none)':
    'mappar under vilka kontroller här får titta på filer, åtskilda som i PATH (inga)',
  'HMAC keys of DocuSign Connect, 16 characters or more, separated by spaces (none: not taken in)':
    'HMAC-nycklar för DocuSign Connect, minst 16 tecken, åtskilda av blanksteg (inga: tas inte in)',
  "base address of the account's API, https://…/restapi (none: papers are not fetched)":
    'grundadress till kontots API, https://…/restapi (ingen: papper hämtas inte)',
  'where DocuSign gives tokens (https://account.docusign.com)':
    'där DocuSign ger åtkomst (https://account.docusign.com)',
  "the account's id at DocuSign": 'kontots id hos DocuSign',
  'integration key at DocuSign': 'integrationsnyckel hos DocuSign',
  'user id at DocuSign that the integration acts for':
    'användar-id hos DocuSign som integrationen agerar för',
  'RSA private key of the integration, PEM': 'integrationens privata RSA-nyckel, PEM',
  'secrets that end the callback address at Scrive, 16 characters or more, separated by spaces (none: not taken in)':
    'hemligheter som avslutar återanropsadressen hos Scrive, minst 16 tecken, åtskilda av blanksteg (inga: tas inte in)',
  "base address of Scrive's API (https://scrive.com/api/v2)":
    'grundadress till Scrives API (https://scrive.com/api/v2)',
  'personal access at Scrive: client identifier, client secret, token identifier, token secret, separated by spaces':
    'personlig åtkomst hos Scrive: client identifier, client secret, token identifier, token secret, åtskilda av blanksteg',
  'sign keys of Oneflow webhooks, 16 characters or more, separated by spaces (none: not taken in)':
    'signeringsnycklar för Oneflows webhooks, minst 16 tecken, åtskilda av blanksteg (inga: tas inte in)',
  "base address of Oneflow's API (https://api.oneflow.com/v1)":
    'grundadress till Oneflows API (https://api.oneflow.com/v1)',
  'API token at Oneflow': 'API-nyckel hos Oneflow',
  'address of the user at Oneflow that the token acts for':
    'adress till användaren hos Oneflow som nyckeln agerar för',
  'keys of our own form of delivery, 16 characters or more, separated by spaces (none: not taken in)':
    'nycklar för vår egen leveransform, minst 16 tecken, åtskilda av blanksteg (inga: tas inte in)',
  'port of the embedded PostgreSQL (a free one)': 'port för den inbyggda PostgreSQL (en ledig)',
  'port of the embedded Temporal frontend (a free one)': 'port för den inbyggda Temporal (en ledig)',
  'port of the embedded Web UI (a free one)': 'port för det inbyggda Web UI (en ledig)',
  'port of the local mail catcher (a free one)': 'port för den lokala mejlservern (en ledig)',
  "port of the mail catcher's inbox (a free one)": 'port för den lokala inkorgen (en ledig)',
  'port of the intake (a free one)': 'port för intaget (en ledig)',
};
