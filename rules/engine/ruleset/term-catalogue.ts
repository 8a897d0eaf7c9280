/**
 * Every term a contract can fix: its type, its range and what it means, in both languages. The schema of the rule
 * files, the completion in an editor and `docs/terms-reference.md` are made from it.
 */
import type { Text } from '../basics/text';
import type { ContactRole, LocalDate } from '../contract/contract';
import { contactRoles, parties } from '../contract/contract';
import type { Check, CheckTerms } from '../contract/monitor';
import { checkKinds, weekdays } from '../contract/monitor';
import type { Term, TermSchema } from '../reading/term-schema';
import {
  about,
  among,
  byId,
  defined,
  item,
  list,
  membersOf,
  object,
  oneOf,
  optional,
  percent,
  record,
  ref,
  titled,
  whole,
  yesOrNo,
} from '../reading/term-schema';
import { workKinds } from './work-kinds';
import { customerManagement, environments, phaseKinds, startStepOrder } from './phases';

const to = oneOf(parties, 'Vem som får mejlet', 'Who gets the mail');
const owner = oneOf(parties, 'Vem som ska göra det', 'Who has to act');
const roles = (sv: string, en: string): Term<ContactRole[]> =>
  list(['en lista av kontaktroller', 'a list of contact roles'], among(contactRoles), {
    uniqueItems: true,
    maxItems: 4,
    ...about(sv, en),
  });
/** A term that a year keeps as it was when it began. */
const fixedForPeriod = <S extends TermSchema>(schema: S): S => ({ ...schema, appliesFrom: 'nextPeriod' });
const texts = (sv: string, en: string): Term<Text[]> =>
  list(['en lista av texter med sv och en', 'a list of texts with sv and en'], defined<Text>('wording'), {
    maxItems: 30,
    ...about(sv, en),
  });

const escalationTo = <P extends string>(whom: Term<P>) =>
  list(
    ['en lista av steg med openDaysAfter och to', 'a list of steps with openDaysAfter and to'],
    item(['ett steg med openDaysAfter och to', 'a step with openDaysAfter and to'], {
      openDaysAfter: whole(1, 60, 'Öppna dagar efter förfallodagen', 'Open days after the due date'),
      to: whom,
    }),
    {
      maxItems: 6,
      ...about(
        'Vem som får veta när det inte blev gjort, i tidsordning',
        'Who is told when it was not done, in order of time',
      ),
    },
  );
const escalation = escalationTo(to);
const upgradeEscalation = escalationTo(
  oneOf(
    [...parties, customerManagement],
    'Vem som får mejlet; customer-management är kundens ledning, som bara får veta om kundens egna faser, som test och godkännande',
    "Who gets the mail; customer-management is the customer's management, who are told of the customer's own phases alone, as test and approval",
  ),
);
const stepReminders = list(
  ['en lista av påminnelser med openDaysBefore', 'a list of reminders with openDaysBefore'],
  item(['en påminnelse med openDaysBefore', 'a reminder with openDaysBefore'], {
    openDaysBefore: whole(1, 30, 'Öppna dagar före förfallodagen', 'Open days before the due date'),
  }),
  {
    maxItems: 6,
    ...about(
      'När den som ska göra det påminns, i tidsordning',
      'When whoever has to act is reminded, in order of time',
    ),
  },
);

const frozen = object(['något som vilar', 'something that rests'], {
  order: whole(1, 999, 'Platsen bland det som stoppas', 'Its place among what is stopped'),
  by: oneOf(parties, 'Vem som stoppar och startar det', 'Who stops and starts it'),
  sv: ref('line', 'Vad det är, på svenska', 'What it is, in Swedish'),
  en: ref('line', 'Vad det är, på engelska', 'What it is, in English'),
  each: optional(
    oneOf(
      ['integration'],
      'En rad för varje integration i avtalet, med dess namn efter texten; den som inte är vår stoppas och startas av den som ansvarar för den',
      'A line for each integration of the contract, with its name after the text; one that is not ours is stopped and started by who answers for it',
    ),
  ),
  omitted: optional(yesOrNo('Vilar inte', 'It does not rest')),
});

const phase = object(['villkor för en fas', 'terms of a phase'], {
  name: optional({
    ...defined<Text>('wording'),
    ...about(
      'Vad fasen heter i mejl och på sidor, med liten bokstav; utan namn visas dess id',
      'What the phase is called in mails and on pages, in lower case; without a name its id is shown',
    ),
  }),
  order: optional(
    whole(
      1,
      999,
      'Fasens plats: faserna följer på varandra i stigande ordning. Krävs för en fas med ett eget namn',
      'The place of the phase: they follow one another in rising order. Needed for a phase with a name of its own',
    ),
  ),
  kind: optional(
    oneOf(
      phaseKinds,
      'Vad fasen kräver utöver sina kontroller: plan en dag som kunden godtagit, technical systemens nya versioner, integrations varje integration, test en genomgång och varje modul, approval den som godkänner, production (produktionssättning) att den nya versionen tas i drift; checks inget mer',
      'What the phase owes beside its checks: plan a day that the customer agreed to, technical the new versions of the systems, integrations each integration, test a session and each module, approval who approves, production that the new version goes live; checks nothing more',
    ),
  ),
  environment: optional(
    oneOf(
      environments,
      'Fasen finns bara när uppgraderingen testas där',
      'The phase is there only where the upgrade is tested there',
    ),
  ),
  owner,
  openDays: whole(1, 60, 'Längd i öppna dagar', 'Length in open days'),
  openDaysPerIntegration: optional(
    whole(
      0,
      20,
      'Fler öppna dagar för varje integration i avtalet',
      'More open days for each integration in the contract',
    ),
  ),
  minimumOpenDays: optional(
    whole(
      1,
      60,
      'Färre dagar än så blir fasen inte, när tiden är knapp',
      'The phase is never made shorter than this when time is short',
    ),
  ),
  opens: optional(
    oneOf(
      ['next', 'monthEnd'],
      'När fasen öppnar: nästa öppna dag, eller när månaden är slut',
      'When the phase opens: on the next open day, or when the month has ended',
    ),
  ),
  checks: optional(
    texts('Vad som kontrolleras i fasen, ett i taget', 'What is checked in the phase, one by one'),
  ),
  onFailure: optional(
    ref(
      'id',
      'Vad som händer när fasen går fel: again (försök igen), roll-back (återställ och planera på nytt), eller fasen att gå tillbaka till',
      'What happens when the phase fails: again (try again), roll-back (restore and plan anew), or the phase to go back to',
    ),
  ),
  omitted: optional(yesOrNo('Fasen ingår inte', 'The phase is left out')),
  reminders: optional(stepReminders),
  escalation: optional(upgradeEscalation),
});

const partnerDays = (sv: string, en: string) => optional(whole(1, 60, sv, en));

const upgradeWindow = object(
  ['en tid med weekdays, from och hours', 'a window with weekdays, from and hours'],
  {
    weekdays: list(['en lista av mon … sun', 'a list of mon … sun'], among(weekdays), {
      minItems: 1,
      uniqueItems: true,
      ...about(
        'Veckodagar som tiden börjar på; en helgdag är ingen av dem',
        'Weekdays on which the window begins; a holiday is none of them',
      ),
    }),
    from: ref(
      'time',
      'Klockslag då systemet stängs för uppgraderingen',
      'Local time of day the system goes down',
    ),
    hours: whole(1, 72, 'Längd i timmar', 'Length in hours'),
    omitted: optional(yesOrNo('Tiden används inte', 'The window is not used')),
  },
);

const testCase = item(['ett testfall', 'a test case'], {
  sv: ref('line', 'Vad som ska göras, på svenska', 'What to do, in Swedish'),
  en: ref('line', 'Vad som ska göras, på engelska', 'What to do, in English'),
  steps: optional(texts('Hur det görs, steg för steg', 'How it is done, step by step')),
  expected: optional({
    ...defined<Text>('wording'),
    ...about('Vad som då ska hända', 'What is to happen then'),
  }),
});

const testedProcess = object(['en affärsprocess som testas', 'a business process that is tested'], {
  sv: ref('line', 'Vad processen heter, på svenska', 'What the process is called, in Swedish'),
  en: ref('line', 'Vad processen heter, på engelska', 'What the process is called, in English'),
  order: optional(whole(1, 999, 'Platsen bland processerna', 'Its place among the processes')),
  for: optional(
    list(['en lista av id', 'a list of ids'], defined<string>('id'), {
      uniqueItems: true,
      maxItems: 20,
      ...about(
        'Testas av dem som har systemet eller integrationen; utan villkoret av alla',
        'Tested by those who have the system or integration; without the term by everybody',
      ),
    }),
  ),
  modules: optional(
    list(['en lista av moduler', 'a list of modules'], defined<string>('id'), {
      uniqueItems: true,
      maxItems: 20,
      ...about(
        'Testas av dem som använder någon av modulerna; den vars avtal inte nämner moduler använder alla',
        'Tested by those who use one of the modules; who has a contract that names none uses all',
      ),
    }),
  ),
});

const keepClear = object(
  [
    'dagar att hålla fria: sv, en och ett av monthDay, monthEnd, from och to, days',
    'days to keep clear: sv, en and one of monthDay, monthEnd, from and to, days',
  ],
  {
    sv: ref('text', 'Vad som då pågår, på svenska', 'What goes on then, in Swedish'),
    en: ref('text', 'Vad som då pågår, på engelska', 'What goes on then, in English'),
    monthDay: optional(
      whole(
        1,
        31,
        'Dag i varje månad; i en kortare månad den sista. Är den stängd gäller den öppna dagen före och den efter',
        'Day of each month; the last one of a shorter month. If it is closed, the open day before and the one after',
      ),
    ),
    monthEnd: optional(yesOrNo('Månadsskiftet', 'The turn of the month')),
    openDaysBefore: optional(
      whole(
        0,
        10,
        'Så många öppna dagar före; av monthEnd månadens sista. 0 utan villkoret',
        'So many open days before; with monthEnd the last of the month. 0 without the term',
      ),
    ),
    openDaysAfter: optional(
      whole(
        0,
        10,
        'Så många öppna dagar efter; av monthEnd månadens första. 0 utan villkoret',
        'So many open days after; with monthEnd the first of the month. 0 without the term',
      ),
    ),
    from: optional(ref('dayOfYear', 'Första dagen varje år', 'The first day, every year')),
    to: optional(
      ref(
        'dayOfYear',
        'Sista dagen varje år; före from: året därpå',
        'The last day, every year; before from: of the next year',
      ),
    ),
    days: optional(
      list(['en lista av datum', 'a list of dates'], defined<LocalDate>('date'), {
        uniqueItems: true,
        maxItems: 100,
        ...about('Datum, till exempel inventering', 'Dates, such as those of a stocktaking'),
      }),
    ),
    omitted: optional(yesOrNo('Dagarna hålls inte fria', 'The days are not kept clear')),
  },
);

const checkTerms = {
  intervalMinutes: whole(1, 1440, 'Minuter mellan två kontroller', 'Minutes between two checks'),
  failuresBeforeAlert: whole(
    1,
    20,
    'Misslyckade kontroller, av de senaste failuresWithin, innan supporten får veta det',
    'Failed checks, of the last failuresWithin, before support is told',
  ),
  failuresWithin: whole(
    1,
    20,
    'Av hur många senaste kontroller failuresBeforeAlert räknas; minst lika många',
    'Of how many last checks failuresBeforeAlert counts; at least as many',
  ),
  retrySeconds: whole(
    5,
    3600,
    'Sekunder till nästa försök medan det är oklart om något är fel',
    'Seconds until the next try while it is not settled whether something is wrong',
  ),
  goodBeforeRecovery: whole(
    1,
    20,
    'Lyckade kontroller i rad innan ett fel är över',
    'Good checks in a row before a problem is over',
  ),
  graceMinutes: whole(
    0,
    1440,
    'Minuter efter att en kontroll satts upp eller ändrats då inget larmas',
    'Minutes after a check was set up or changed in which nothing is alerted',
  ),
  repeatMinutes: whole(
    0,
    10_080,
    'Minuter tills ett pågående fel påminns om; 0 är aldrig',
    'Minutes until an ongoing problem is told again; 0 is never',
  ),
  groupBy: oneOf(
    ['none', 'kind', 'customer'],
    'Vilka fel som samlas i ett mejl: inga, samma slag, alla hos kunden',
    'Which problems share one mail: none, those of one kind, all of the customer',
  ),
} satisfies { [K in keyof CheckTerms]: Term<CheckTerms[K]> };

/** The terms of checking with every one optional, for settings of one kind of check. */
const someCheckTerms = Object.fromEntries(
  Object.entries(checkTerms).map(([name, schema]) => [name, optional(schema)]),
) as { [K in keyof typeof checkTerms]: (typeof checkTerms)[K] & { optional: true } };

/** Days that support's hours may name. A holiday is none of the weekdays. */
export const supportDays = [...weekdays, 'holidays'] as const;
export type SupportDay = (typeof supportDays)[number];

export const agendaCodes = [
  'new-needs',
  'completed-work',
  'training',
  'improvements',
  'release-news',
  'hour-bank',
  'monitoring',
] as const;

const unitOfTime = (sv: string, en: string) => ({
  ...titled('0, 3, 6, 15, 30 eller 60', '0, 3, 6, 15, 30 or 60'),
  ...among([0, 3, 6, 15, 30, 60]),
  ...about(sv, en),
});

const workTerms = object(['villkor för slaget', 'terms of the kind'], {
  roundToMinutes: optional(
    unitOfTime(
      'Slagets egen enhet av minuter att avrunda nedåt till',
      "The kind's own unit of minutes to round down to",
    ),
  ),
  factorPercent: optional(
    whole(
      1,
      500,
      'Så många procent av tiden räknas; annat än 100 bryter "får fritt disponeras" om kunden inte skrivit under det',
      'So many per cent of the time count; other than 100 breaks "to use freely" unless the customer signed it',
    ),
  ),
  draws: optional(
    oneOf(
      ['always', 'never'],
      'Om tiden tas ur timbanken; det som ingår i avtalet antecknas och tas aldrig ur den',
      'Whether the time draws on the hour bank; what the agreement includes is recorded and never does',
    ),
  ),
});

/** The terms by topic (`event.type` of the rules). */
export const termCatalogue = {
  meetings: object(
    ['villkor för mötena', 'terms of the meetings'],
    {
      perYear: whole(1, 24, 'Förvaltningsmöten per år', 'Management meetings a year'),
      spread: oneOf(
        ['even', 'months'],
        'Hur mötena läggs: jämnt över året, eller i månaderna i months',
        'How meetings are placed: evenly over the year, or in the months of `months`',
      ),
      months: optional(
        list(
          ['en lista av avtalsårets månader', "a list of the agreement year's months"],
          whole(1, 12, 'Månad, 1 är avtalsårets första', "Month, 1 is the agreement year's first"),
          {
            minItems: 1,
            maxItems: 24,
            ...about(
              'Ett möte i mitten av varje; så många som perYear',
              'One meeting in the middle of each; as many as perYear',
            ),
          },
        ),
      ),
      lengthMinutes: whole(15, 480, 'Mötets längd i minuter', 'Length of a meeting in minutes'),
      preparationMinutes: whole(
        0,
        960,
        'Konsultens tid för förberedelse, i minuter',
        "The consultant's time to prepare, in minutes",
      ),
      followUpMinutes: whole(
        0,
        960,
        'Konsultens tid för uppföljning, i minuter',
        "The consultant's time to follow up, in minutes",
      ),
      startTime: ref('time', 'Klockslag som föreslås', 'Local time of day that is proposed'),
      callDaysBefore: whole(
        1,
        90,
        'Kalenderdagar före mötet som konsulten kallas att planera det',
        'Calendar days before the meeting that the consultant is called to plan it',
      ),
      inviteDaysBefore: whole(
        1,
        90,
        'Kalenderdagar före mötet som kunden senast ska vara inbjuden; är mötet inte bokat då påminns konsulten',
        'Calendar days before the meeting by which the customer is to be invited; if it is not booked by then the consultant is reminded',
      ),
      agendaDaysBefore: whole(
        1,
        60,
        'Kalenderdagar före mötet som dagordningen går till båda sidor',
        'Calendar days before the meeting that the agenda goes to both sides',
      ),
      reminders: list(
        ['en lista av påminnelser med daysBefore och to', 'a list of reminders with daysBefore and to'],
        item(['en påminnelse med daysBefore och to', 'a reminder with daysBefore and to'], {
          daysBefore: whole(1, 90, 'Kalenderdagar före mötet', 'Calendar days before the meeting'),
          to,
        }),
        {
          maxItems: 6,
          ...about('Vem som påminns och när, i tidsordning', 'Who is reminded and when, in order of time'),
        },
      ),
      escalation,
      bookingEscalation: list(
        ['en lista av steg med openDaysAfter och to', 'a list of steps with openDaysAfter and to'],
        item(['ett steg med openDaysAfter och to', 'a step with openDaysAfter and to'], {
          openDaysAfter: whole(
            1,
            60,
            'Öppna dagar efter att kunden skulle ha varit inbjuden',
            'Open days after the customer was to be invited',
          ),
          to,
        }),
        {
          maxItems: 6,
          ...about(
            'Vem som får veta att mötet inte är bokat, i tidsordning',
            'Who is told that the meeting is not booked, in order of time',
          ),
        },
      ),
      drawsFromHourBank: oneOf(
        ['none', 'extra', 'all'],
        'Vilka möten som tar timmar ur timbanken: inga, extramöten eller alla',
        'Which meetings use hours from the hour bank: none, extra meetings, or all',
      ),
      agenda: list(['en lista av ämnen', 'a list of topics'], defined<string | Text>('topic'), {
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
        ...about(
          'Stående ämnen: en kod, eller en text med sv och en',
          'Standing topics: a code, or a text with sv and en',
        ),
      }),
    },
    about('Förvaltningsledning: mötena med kunden', 'Management meetings with the customer'),
  ),
  upgrade: object(
    ['villkor för uppgraderingen', 'terms of the upgrade'],
    {
      window: object(['fönstret för uppgraderingen', 'the window of the upgrade'], {
        fromMonth: whole(
          1,
          12,
          'Avtalsårets månad som uppgraderingen börjar i; 1 är den första',
          'Month of the agreement year in which the upgrade starts; 1 is the first',
        ),
        toMonth: whole(
          1,
          12,
          'Avtalsårets månad som den ska vara klar i',
          'Month of the agreement year in which it is to be finished',
        ),
      }),
      environment: optional(
        oneOf(
          environments,
          'Var uppgraderingen görs och testas: copy på en kopia som sedan tas i drift (fasen go-live), production direkt i driften. Utan värde: production',
          'Where the upgrade is carried out and tested: copy on a copy that goes live afterwards (the phase go-live), production at once in what people work in. Without a value: production',
        ),
      ),
      phases: byId(
        ['faserna med sina id', 'the phases by their ids'],
        20,
        phase,
        about('Faserna, efter varandra i sin ordning', 'The phases, one after the other in their order'),
      ),
      tellFailedTests: optional(
        list(['en lista av parter', 'a list of parties'], among(['consultant', 'manager']), {
          uniqueItems: true,
          maxItems: 2,
          minItems: 1,
          ...about(
            'Vem hos oss som genast får veta att ett testfall inte fungerar; konsulten utan villkoret',
            'Who of ours is told at once that a test case does not work; the consultant without the term',
          ),
        }),
      ),
      processes: optional(
        byId(
          ['affärsprocesser med sina id', 'business processes by their ids'],
          30,
          testedProcess,
          about('Affärsprocesserna som kunden testar', 'The business processes that the customer tests'),
        ),
      ),
      testCases: byId(
        ['testfall per process', 'test cases by process'],
        30,
        list(['en lista av testfall', 'a list of test cases'], testCase, {
          maxItems: 30,
          ...about('Testfallen, i sin ordning', 'The test cases, in their order'),
        }),
        about(
          'Testfall per affärsprocess (processes), per system eller integration, eller all för alla kunder',
          'Test cases by business process (processes), by system or integration, or `all` for every customer',
        ),
      ),
      freeze: optional(
        byId(
          ['vad som vilar, med sina id', 'what rests, by its id'],
          20,
          frozen,
          about(
            'Ändringsstoppet: vad som stoppas före uppgraderingen, i sin ordning, och startas efter den, i omvänd ordning',
            'The freeze: what is stopped before the upgrade, in its order, and started after it, in the reverse order',
          ),
        ),
      ),
      reminders: stepReminders,
      escalation: upgradeEscalation,
      remindAgainEveryDays: optional(
        whole(
          7,
          90,
          'Dagar mellan påminnelserna om en försenad fas, till ansvarig och chef, när eskaleringen har gått ut; 7 utan villkoret',
          'Days between the reminders of a phase that is overdue, to its owner and the manager, once the escalations have gone out; 7 without the term',
        ),
      ),
      partners: optional(
        object(
          ['tider för frågorna till partner', 'the times of the questions to partners'],
          {
            remindDays: partnerDays(
              'Dagar till påminnelsen om partnern inte svarar; 2 utan villkoret',
              'Days until the reminder where the partner does not answer; 2 without the term',
            ),
            silentDays: partnerDays(
              'Dagar till att konsulten får veta att partnern inte svarar; 4 utan villkoret',
              'Days until the consultant is told that the partner does not answer; 4 without the term',
            ),
            soonDays: partnerDays(
              'Ligger uppgraderingen längre bort än så här många dagar gäller earlyRemindDays och earlySilentDays; 14 utan villkoret',
              'Where the upgrade is further away than so many days, earlyRemindDays and earlySilentDays hold; 14 without the term',
            ),
            earlyRemindDays: partnerDays(
              'Dagar till påminnelsen när det är gott om tid; 5 utan villkoret',
              'Days until the reminder where there is plenty of time; 5 without the term',
            ),
            earlySilentDays: partnerDays(
              'Dagar till att konsulten får veta det när det är gott om tid; 10 utan villkoret',
              'Days until the consultant is told where there is plenty of time; 10 without the term',
            ),
          },
          about(
            'När en partner med egen kontakt påminns om frågorna före och efter uppgraderingen',
            'When a partner with a contact of its own is reminded of the questions before and after the upgrade',
          ),
        ),
      ),
      round: optional(
        ref(
          'id',
          'Omgången i årets utrullning; rest utan villkoret',
          "The round of the year's campaign; rest without the term",
        ),
      ),
      windows: optional(
        byId(
          ['tider med sina id', 'windows by their ids'],
          20,
          upgradeWindow,
          about('När systemet får stängas för uppgraderingen', 'When the system may go down for the upgrade'),
        ),
      ),
      keepClear: optional(
        byId(
          ['dagar att hålla fria, med sina id', 'days to keep clear by their ids'],
          30,
          keepClear,
          about(
            'Dagar då systemet inte stängs för uppgraderingen, utöver kalenderns',
            'Days on which the system does not go down for the upgrade, besides those of the calendar',
          ),
        ),
      ),
      windowsPerConsultantWeek: optional(
        whole(
          1,
          20,
          'Så många uppgraderingar har en konsult högst i en vecka; 2 utan villkoret',
          'At most so many upgrades a consultant has in a week; 2 without the term',
        ),
      ),
    },
    about('Årlig uppgradering', 'The annual upgrade'),
  ),
  monitoring: object(
    ['villkor för övervakningen', 'terms of the monitoring'],
    {
      ...checkTerms,
      outsideHours: oneOf(
        ['hold', 'send'],
        'Larm utanför supporttid: vänta tills den öppnar, eller skicka genast. Påminnelser skickas bara inom supporttid',
        'Alerts outside support hours: hold until it opens, or send at once. Reminders go out within support hours only',
      ),
      takeWithinMinutes: whole(
        0,
        10_080,
        'Minuter av supporttid inom vilka någon ska ha tagit ett larm; därefter eskaleras det. 0 är aldrig',
        'Minutes of support hours within which somebody is to have taken an alert; then it escalates. 0 is never',
      ),
      escalateTo: oneOf(
        ['manager', 'consultant'],
        'Vem som får veta att ingen tagit ett larm',
        'Who is told that nobody took an alert',
      ),
      stormIncidents: whole(
        2,
        1000,
        'Så många larm på en gång till supporten blir ett enda mejl med antalet',
        'So many alerts to support at once become a single mail with the count',
      ),
      flapping: object(['när något fladdrar', 'when something flaps'], {
        recoveries: whole(2, 20, 'Så många återhämtningar …', 'So many recoveries …'),
        withinMinutes: whole(
          5,
          1440,
          '… inom så många minuter; då måste det vara bra halva den tiden innan felet är över',
          '… within so many minutes; it then has to be well for half that time before the problem is over',
        ),
      }),
      morningDigest: yesOrNo(
        'Ett mejl när supporten öppnar om det som hänt sedan den stängde',
        'A mail when support opens about what happened since it closed',
      ),
      monthlyNoise: yesOrNo(
        'Varje månad en lista av de kontroller som larmat mest, med föreslagna gränser',
        'Every month a list of the checks that alerted most, with suggested thresholds',
      ),
      pauseDuringUpgrade: list(['en lista av faser', 'a list of phases'], defined<string>('id'), {
        uniqueItems: true,
        maxItems: 20,
        ...about(
          'Faser av uppgraderingen under vilka övervakningen vilar: fel noteras men larmas inte',
          'Phases of the upgrade during which monitoring rests: problems are kept, not alerted',
        ),
      }),
      checks: byId(
        ['kontroller med sina id', 'checks by their ids'],
        200,
        defined<Partial<Check>>('check'),
        about(
          'Kontroller som inte står i avtalet, eller vad som gäller i stället för en som gör det',
          'Checks that no contract declares, or what holds instead for one that does',
        ),
      ),
      kinds: object(
        ['avvikelser per slag', 'what differs by kind'],
        record(checkKinds, () =>
          optional(object(['villkor för ett slag', 'terms of a kind'], someCheckTerms)),
        ),
        about(
          'Vad som gäller i stället för ett slag av kontroll',
          'What holds instead for one kind of check',
        ),
      ),
    },
    about('Övervakning av kritiska tjänster', 'Monitoring of critical services'),
  ),
  support: object(
    ['villkor för supporten', 'terms of support'],
    {
      opens: ref(
        'time',
        'Klockslag då arbetsdagen börjar och supporten öppnar; då går mejl ut, men aldrig före 06:00',
        'Local time of day the working day begins and support opens; mails go out then, but never before 06:00',
      ),
      closes: ref(
        'endTime',
        'Klockslag då arbetsdagen slutar och supporten stänger; då förfaller det som ska göras. Högst 24:00',
        'Local time of day the working day ends and support closes; what is due is due then. At most 24:00',
      ),
      hours: optional(
        list(
          ['en lista av tider med days, from och to', 'a list of hours with days, from and to'],
          item(['tider med days, from och to', 'hours with days, from and to'], {
            days: {
              ...defined<'open' | 'all' | SupportDay[]>('supportDays'),
              ...about(
                'Dagar då tiderna börjar: helgfria vardagar, alla dagar, eller veckodagar; en helgdag är `holidays` vilken veckodag den än är',
                'Days on which the hours begin: working days, every day, or weekdays; a holiday is `holidays` whatever weekday it is',
              ),
            },
            from: ref('time', 'Klockslag då supporten öppnar', 'Local time of day support opens'),
            to: ref(
              'endTime',
              'Klockslag då supporten stänger, högst 24:00; tidigare än from: nästa dag',
              'Local time of day support closes, at most 24:00; earlier than from: the next day',
            ),
          }),
          {
            minItems: 1,
            maxItems: 14,
            ...about(
              'Supportens tider, när de är andra än arbetsdagens: dygnet runt, per veckodag, över midnatt, helgdagar',
              "Support's hours, where they are not those of the working day: around the clock, by weekday, over midnight, holidays",
            ),
          },
        ),
      ),
      closedDays: list(['en lista av datum', 'a list of dates'], defined<LocalDate>('date'), {
        uniqueItems: true,
        maxItems: 100,
        ...about(
          'Stängda dagar utöver helger, till exempel klämdagar',
          'Closed days besides weekends and holidays, such as bridge days',
        ),
      }),
      halfDays: list(['en lista av datum', 'a list of dates'], defined<LocalDate>('date'), {
        uniqueItems: true,
        maxItems: 100,
        ...about('Öppna dagar som stänger tidigare', 'Open days that close earlier'),
      }),
      halfDayCloses: ref('time', 'Klockslag då en halvdag stänger', 'Local time of day a half day closes'),
      outsideHours: oneOf(
        ['hold', 'send'],
        'Larm om timmar utanför arbetsdagen, och alla mejl till kunden på natten: vänta tills nästa arbetsdag börjar, eller skicka genast',
        'Alerts about hours outside the working day, and all mails to the customer at night: hold until the next working day begins, or send at once',
      ),
    },
    about('Supporttid: "08:30-16:30 helgfria vardagar om ej annat avtalas"', 'Support hours'),
  ),
  hourBank: object(
    ['villkor för timbanken', 'terms of the hour bank'],
    {
      discountPercent: {
        ...percent('Rabatt på ordinarie pris', 'Discount on ordinary prices'),
        appliesFrom: 'nextPeriod',
      },
      overage: object(['villkor för timmar utöver timbanken', 'terms of hours beyond the bank'], {
        price: {
          ...oneOf(
            ['discounted', 'ordinary'],
            'Pris för timmar utöver timbanken',
            'Price of hours beyond the bank',
          ),
          appliesFrom: 'nextPeriod',
        },
        approvedUpTo: optional(
          object(
            [
              'villkor för godkännande i förväg: hours, amount eller båda',
              'terms of approval in advance: hours, amount or both',
            ],
            {
              hours: optional(whole(1, 200, 'Timmar i en kalendermånad', 'Hours in a calendar month')),
              amount: optional(
                whole(
                  100,
                  1_000_000,
                  'Belopp i en kalendermånad, hela kronor (avtalets valuta) exkl. moms',
                  'Amount in a calendar month, whole units of the currency excl. VAT',
                ),
              ),
            },
            {
              minProperties: 1,
              ...about(
                'Det kunden har godkänt i förväg; det som nås först gäller',
                'What the customer has approved in advance; whichever is reached first holds',
              ),
            },
          ),
        ),
        ask: optional(
          object(['villkor för frågan till kunden', 'terms of asking the customer'], {
            remindWorkingDays: whole(
              1,
              20,
              'Öppna dagar efter frågan som kunden påminns',
              'Open days after the question that the customer is reminded',
            ),
            decideWorkingDays: whole(
              2,
              40,
              'Öppna dagar efter frågan som en chef avgör, om kunden inte har svarat',
              'Open days after the question that a manager decides, if the customer has not answered',
            ),
            validDays: whole(
              1,
              366,
              'Dagar som en beställning gäller, om kunden inte säger annat',
              'Days for which an order holds, unless the customer says otherwise',
            ),
          }),
        ),
      }),
      packages: optional(
        list(
          ['en lista av paket', 'a list of packages'],
          item(['ett paket', 'a package'], {
            hours: whole(1, 1000, 'Timmar i paketet', 'Hours of the package'),
            pricePerHour: whole(
              1,
              100_000,
              'Pris per timme, hela kronor exkl. moms',
              'Price of an hour, whole units of the currency excl. VAT',
            ),
            currency: optional(
              oneOf(
                ['SEK', 'EUR', 'NOK', 'DKK', 'USD'],
                'Prisets valuta, SEK utan villkoret; paketet erbjuds bara i avtal med samma valuta',
                'Currency of the price, SEK without the term; the package is offered in agreements of that currency only',
              ),
            ),
          }),
          {
            maxItems: 10,
            ...about('Timpaket som kunden kan köpa', 'Packages of hours that the customer can buy'),
          },
        ),
      ),
      indexPercent: {
        ...percent(
          'Prishöjning som föreslås vid förnyelse; en chef godkänner',
          'Price rise proposed at renewal; a manager approves',
        ),
        maximum: 50,
      },
      alertPercents: list(
        ['en lista av procentsatser', 'a list of percentages'],
        whole(1, 100, 'Procent', 'Per cent'),
        {
          maxItems: 10,
          ...about(
            'Andelar av timmarna då kund och konsult får veta, stigande',
            'Shares of the hours at which customer and consultant are told, ascending',
          ),
        },
      ),
      statementsPerYear: whole(
        1,
        12,
        'Timbesked per år, det sista inräknat',
        'Statements a year, the final one included',
      ),
      roundToMinutes: unitOfTime(
        'Rapporterad tid avrundas nedåt till hela så många minuter, till kundens fördel; 0 avrundar inte',
        "Reported time is rounded down to whole units of so many minutes, in the customer's favour; 0 does not round",
      ),
      kinds: optional(
        object(
          ['slag av arbete', 'kinds of work'],
          record(workKinds, () => optional(workTerms)),
          about('Det som är annorlunda för ett slag av arbete', 'What is different for a kind of work'),
        ),
      ),
      orderOfUse: oneOf(
        ['rolledFirst', 'contractedFirst'],
        'Vilka timmar som används först: de som upphör först och därefter överförda, avtalade, köpta, bjudna (rolledFirst), eller avtalade, överförda, köpta, bjudna',
        'Which hours are used first: those that expire soonest, then rolled in, contracted, bought, given (rolledFirst), or contracted, rolled in, bought, given',
      ),
      rollover: object(['villkor för överföringen', 'terms of the rollover'], {
        percent: percent(
          'Andel som får skjutas till nästa period',
          'Share that may be carried to the next period',
        ),
        basis: oneOf(
          ['contracted', 'unused'],
          'Andel av vad: avtalade timmar eller outnyttjade',
          'What the share is taken of: contracted or unused hours',
        ),
        expiresAfterMonths: whole(
          1,
          12,
          'Månader in i nästa period tills överförda timmar som inte använts upphör; 12 är hela perioden',
          'Months into the next period until rolled hours that were not used expire; 12 is the whole period',
        ),
      }),
      amendment: optional(
        object(['villkor för tillägg', 'terms of amendments'], {
          proration: oneOf(
            ['full', 'byMonth'],
            'Timmar som ett tillägg ger ett påbörjat år: alla, eller efter de månader som är kvar, påbörjad månad inräknad',
            'Hours that an amendment gives a year that has begun: all, or by the months that are left, a begun one counted',
          ),
        }),
      ),
      lateEntry: optional(
        object(['villkor för sena rapporter', 'terms of late reports'], {
          maxDays: whole(
            1,
            1000,
            'Dagar tillbaka som arbete får ligga utan att en chef godkänner rapporten',
            'Days back that work may lie without a manager who approves the report',
          ),
        }),
      ),
      close: optional(
        object(['villkor för årets avslut', "terms of the year's close"], {
          graceWorkingDays: whole(
            0,
            20,
            'Öppna dagar efter årets slut som slutbeskedet väntar på sena rapporter',
            "Open days after the year's end that the final statement waits for late reports",
          ),
        }),
      ),
      expiry: optional(
        object(['villkor för timmar som upphör', 'terms of hours that expire'], {
          warnDaysBefore: whole(
            1,
            180,
            'Kalenderdagar innan timmar upphör som kunden får veta det',
            'Calendar days before hours expire that the customer is told',
          ),
        }),
      ),
      questions: optional(
        object(['villkor för frågor om rader', 'terms of questions about lines'], {
          days: whole(
            7,
            366,
            'Dagar efter slutbeskedet som kunden kan fråga om dess rader',
            'Days after the final statement within which the customer can ask about its lines',
          ),
          answerWorkingDays: whole(
            1,
            30,
            'Öppna dagar efter en fråga då chefen får veta att ingen har svarat',
            'Open days after a question when the manager is told that nobody has answered',
          ),
        }),
      ),
      termination: optional(
        object(['villkor när avtalet upphör i förtid', 'terms of an early end'], {
          unusedOnNotice: oneOf(
            ['forfeit', 'refund'],
            'Outnyttjade timmar när kunden säger upp: upphör, eller återbetalas. Slutar vi, eller bröt vi avtalet, återbetalas de alltid',
            'Unused hours when the customer gives notice: they expire, or are refunded. If we end it, or broke the agreement, they always are',
          ),
          beyondPaid: optional(
            oneOf(
              ['invoice', 'manager'],
              'Timmar som använts utöver vad delbetalningarna täcker: faktureras, eller en chef avgör (gäller utan villkoret)',
              'Hours used beyond what the instalments cover: invoiced, or a manager decides (which holds without the term)',
            ),
          ),
        }),
      ),
    },
    about('Timbank', 'The hour bank'),
  ),
  invoicing: optional(
    object(
      ['villkor för faktureringen', 'terms of invoicing'],
      {
        instalments: {
          ...among([1, 2, 4, 12]),
          ...about(
            'Delbetalningar per avtalsår; upphör avtalet i förtid återbetalas bara det som är betalt',
            'Instalments a year; when the agreement ends early only what was paid is refunded',
          ),
          appliesFrom: 'nextPeriod',
        },
        when: {
          ...oneOf(
            ['advance', 'arrears'],
            'Om en delbetalning faktureras före sin del av året eller efter den',
            'Whether an instalment is invoiced before its part of the year, or after it',
          ),
          appliesFrom: 'nextPeriod',
        },
        daysBefore: fixedForPeriod(
          optional(
            whole(
              0,
              90,
              'Kalenderdagar före sin period som en delbetalning i förskott senast tas ut; utan villkoret 0',
              'Calendar days before its period by which an instalment in advance is exported; 0 without the term',
            ),
          ),
        ),
        vatCode: fixedForPeriod(ref('code', 'Momskod i affärssystemet', 'VAT code in the ERP')),
        article: fixedForPeriod(
          ref('article', 'Artikel för timbanken i affärssystemet', 'Article of the hour bank in the ERP'),
        ),
        overageArticle: fixedForPeriod(
          optional(
            ref(
              'article',
              'Artikel för timmar utöver timbanken; utan villkoret timbankens',
              "Article of hours beyond the hour bank; the hour bank's without the term",
            ),
          ),
        ),
      },
      about(
        'Fakturering: vad fakturaunderlaget säger och när',
        'Invoicing: what the invoice basis says, and when',
      ),
    ),
  ),
  notices: object(
    ['villkor för meddelanden', 'terms of the notices'],
    {
      recipients: object(['mottagare per slag av mejl', 'recipients by kind of mail'], {
        welcome: roles('Välkomstmejl', 'Welcome mail'),
        meeting: roles('Inbjudan och påminnelser till möten', 'Invitations and reminders to meetings'),
        upgrade: roles('Mejl om uppgraderingen', 'Mails about the upgrade'),
        test: roles('Testinstruktioner', 'Test instructions'),
        hours: roles('Larm och besked om timmar', 'Hour alerts and statements'),
        summary: roles('Sammanfattning av året', 'Summary of the closed year'),
        renewal: roles('Förnyelse och prisändring', 'Renewal and change of price'),
      }),
      renewal: object(['påminnelser om förnyelse', 'reminders of the renewal'], {
        managerDaysBefore: whole(
          1,
          365,
          'Kalenderdagar före periodens slut som chefen får förslaget',
          "Calendar days before the period's end that the manager gets the proposal",
        ),
        customerDaysBefore: whole(
          1,
          365,
          'Kalenderdagar före periodens slut som kunden får veta om förnyelsen',
          "Calendar days before the period's end that the customer is told of the renewal",
        ),
      }),
      noticePeriodMonths: whole(0, 24, 'Uppsägningstid i månader', 'Notice period in months'),
      priceChangeDaysBefore: whole(
        0,
        365,
        'Kalenderdagar före periodens slut som ett nytt pris senast måste vara meddelat',
        "Calendar days before the period's end by which a new price must have been announced",
      ),
      holdMinutes: whole(
        0,
        120,
        'Minuter som ett mejl till kunden väntar när en signal orsakar det, så att den kan ångras',
        'Minutes that a mail to the customer waits when a signal causes it, so that it can be undone',
      ),
      digests: object(['samlingsmejl', 'digests'], {
        consultant: oneOf(
          ['never', 'weekly', 'monthly'],
          'Konsultens samlingsmejl i stället för enskilda påminnelser',
          "The consultant's digest instead of single reminders",
        ),
        manager: oneOf(['never', 'weekly', 'monthly'], 'Chefens samlingsmejl', "The manager's digest"),
      }),
    },
    about('Meddelanden: vem får vad, och när', 'Notices: who gets what, and when'),
  ),
  start: object(
    ['villkor för avtalsstarten', 'terms of the start'],
    {
      steps: object(
        ['startens steg', 'the steps of the start'],
        record(startStepOrder, () =>
          optional(
            object(['villkor för ett steg', 'terms of a step'], {
              owner,
              dueOpenDays: whole(
                1,
                200,
                'Öppna dagar efter avtalets första öppna dag',
                'Open days after the first open day of the agreement',
              ),
            }),
          ),
        ),
        about('Steg som öppnar första året', 'Steps that open the first year'),
      ),
      reminders: stepReminders,
      escalation,
    },
    about('Avtalets start', 'The start of the agreement'),
  ),
  calendar: object(
    ['villkor för kalendern', 'terms of the calendar'],
    {
      avoidWeeks: list(
        ['en lista av veckonummer', 'a list of ISO week numbers'],
        whole(1, 53, 'Veckonummer (ISO)', 'ISO week number'),
        { uniqueItems: true, maxItems: 30, ...about('Veckor som hålls fria', 'Weeks that are kept free') },
      ),
      avoidMonthEnds: object(['dagar kring månadsskiften', 'days around month-ends'], {
        openDaysBefore: whole(
          0,
          10,
          'Månadens sista så många öppna dagar hålls fria',
          'So many last open days of a month are kept free',
        ),
        openDaysAfter: whole(
          0,
          10,
          'Månadens första så många öppna dagar hålls fria',
          'So many first open days of a month are kept free',
        ),
      }),
      appliesTo: list(
        ['en lista av det som undviker dagarna', 'a list of what avoids the days'],
        among(['start', 'meetings', 'upgrade', 'reminders', 'escalations']),
        {
          uniqueItems: true,
          maxItems: 5,
          ...about(
            'Vad som inte läggs på dagar som hålls fria',
            'What is not put on days that are kept free',
          ),
        },
      ),
    },
    about('Dagar att hålla fria', 'Days to keep free'),
  ),
} as const satisfies Record<string, TermSchema>;

export type Topic = keyof typeof termCatalogue;

/** All topics. Every level must give those that are not optional. */
export const topics = Object.keys(termCatalogue) as Topic[];

/** Whether a level may leave a topic out. */
export const isOptionalTopic = (topic: string): boolean =>
  (termCatalogue as Record<string, TermSchema>)[topic]?.optional === true;

/** The term at a path, such as `['hourBank', 'rollover', 'percent']`, if there is one. */
export function termAt([topic = '', ...path]: readonly string[]): TermSchema | undefined {
  return path.reduce<TermSchema | undefined>(
    (schema, name) => schema?.properties?.[name] ?? (schema && membersOf(schema)),
    (termCatalogue as Record<string, TermSchema>)[topic],
  );
}
