/** Agendas for tests: a year with much in it, and one in which nothing has happened yet. */
import type { AgendaData } from '../../templates/agenda/data';

/** The second meeting of the example, with something in every section. */
export function fullAgenda(changed: Partial<AgendaData> = {}): AgendaData {
  return {
    asOf: '2027-05-11T06:30:00.000Z',
    agreement: { number: 'testbolaget-2027', level: 'guld' },
    customer: 'Åkeri & Söner i Ängelholm AB',
    year: { number: 1, from: '2027-01-01', to: '2028-01-01' },
    meeting: {
      id: 'meeting-2',
      at: '2027-05-18T08:00:00.000Z',
      minutes: 90,
      place: 'Hos er, Storgatan 5, Ängelholm',
      booked: true,
      participants: ['Karin Ek', 'Johan Lind', 'Anna Berg (Pector)'],
    },
    since: {
      on: '2027-02-16',
      meeting: 'meeting-1',
      decisions: ['Webshoppens orderimport flyttas till nattkörning.', 'Kontoplanen ses över före sommaren.'],
    },
    topics: [
      'new-needs',
      'completed-work',
      'training',
      'improvements',
      'release-news',
      { sv: 'Bokslut och periodisering', en: 'Year-end closing' },
    ],
    hours: {
      contracted: 12000,
      rolledIn: 2400,
      used: 6475,
      remaining: 7925,
      overage: 0,
      usedSince: 4975,
      curve: [
        { on: '2027-01-01', used: 0, available: 14400 },
        { on: '2027-01-20', used: 800, available: 14400 },
        { on: '2027-02-10', used: 1500, available: 14400 },
        { on: '2027-03-10', used: 1750, available: 14400 },
        { on: '2027-03-22', used: 3350, available: 14400 },
        { on: '2027-04-14', used: 3150, available: 14400 },
        { on: '2027-05-03', used: 6475, available: 14400 },
      ],
    },
    entries: [
      { on: '2027-03-10', hours: 250, service: 'consulting', note: 'Ny fakturalayout med QR-kod' },
      { on: '2027-03-22', hours: 1600, service: 'training', note: 'Utbildning i periodisering, två dagar' },
      {
        on: '2027-04-14',
        hours: -200,
        service: 'training',
        note: 'Halv dag blev inställd',
        corrects: '2027-03-22',
      },
      { on: '2027-05-03', hours: 3325, service: 'technical' },
    ],
    closed: [
      { id: 'start/monitoring', on: '2027-02-18', state: 'done' },
      { id: 'upgrade/precheck', on: '2027-05-07', state: 'done' },
    ],
    cases: [
      {
        reference: 'INC-1042',
        title: 'Orderimporten stod still',
        category: 'incident',
        state: 'closed',
        openedOn: '2027-03-03',
        closedOn: '2027-03-03',
        hours: 150,
        resolution: 'Katalogen var full; gamla filer flyttas nu varje natt.',
      },
      {
        reference: 'INC-1077',
        title: 'Löneverifikat saknas',
        category: 'incident',
        state: 'open',
        openedOn: '2027-05-10',
      },
      {
        reference: 'A-2031',
        title: 'Hur krediteras en delfaktura?',
        category: 'question',
        state: 'closed',
        openedOn: '2027-03-15',
        closedOn: '2027-03-16',
        hours: 25,
      },
      {
        reference: 'A-2044',
        title: 'Ny användare i inköp',
        category: 'request',
        state: 'waiting',
        openedOn: '2027-05-04',
      },
    ],
    monitoring: {
      checks: 3,
      incidents: [
        {
          name: 'Import av order från webshop',
          severity: 'down',
          since: '2027-05-10T06:12:00.000Z',
          actedAfter: 12,
        },
        {
          name: 'Webshoppens certifikat',
          severity: 'warning',
          since: '2027-03-01T23:30:00.000Z',
          closedAt: '2027-03-02T09:05:00.000Z',
          actedAfter: 95,
        },
      ],
      acted: { median: 53.5, longest: 95 },
      notChecked: [
        { name: 'Löneverifikat', reason: 'Driftspartnern släpper inte in oss.' },
        { name: 'Bankfiler' },
      ],
    },
    actions: [
      { what: 'Ta fram underlag för nattkörning', owner: 'Anna Berg', dueOn: '2027-03-31', state: 'open' },
      { what: 'Utse testare för uppgraderingen', owner: 'Karin Ek', dueOn: '2027-05-28', state: 'open' },
      {
        what: 'Skicka kontoplanen',
        owner: 'Åkeri & Söner i Ängelholm AB',
        dueOn: '2027-03-01',
        state: 'done',
        doneOn: '2027-02-25',
      },
    ],
    training: [{ on: '2027-04-02', text: 'Ny ekonomiassistent behöver grundutbildning i reskontra.' }],
    proposals: [
      { on: '2027-04-20', text: 'Scanna leverantörsfakturor i stället för att registrera dem för hand.' },
    ],
    remarks: [],
    improvements: [
      {
        title: 'Elektroniska följesedlar',
        note: 'Sparar ungefär en timme om dagen på lagret.',
        hours: 2400,
        state: 'proposed',
        addedOn: '2027-02-02',
        changedOn: '2027-02-02',
      },
      {
        title: 'Automatisk påminnelse',
        hours: 600,
        state: 'accepted',
        addedOn: '2027-01-20',
        changedOn: '2027-02-16',
      },
      { title: 'Ny behörighetsroll', state: 'done', addedOn: '2027-01-20', changedOn: '2027-04-08' },
      {
        title: 'Byta rapportverktyg',
        hours: 8000,
        state: 'rejected',
        addedOn: '2027-01-20',
        changedOn: '2027-02-16',
      },
    ],
    upgrade: {
      systems: [
        { id: 'visma-business', version: '17.0' },
        { id: 'pector-import', version: '5.2' },
      ],
      news: [
        {
          on: '2027-04-28',
          text: 'Version 18 kan bokföra periodiseringar direkt från fakturan, det ni gör för hand i dag.',
        },
      ],
      releaseNews: [
        {
          system: 'visma-business',
          version: '18.00.0',
          text: 'Inloggning med samma konto som i Microsoft 365.',
        },
      ],
      phases: [
        {
          phase: 'precheck',
          owner: 'consultant',
          dueOn: '2027-05-10',
          state: 'done',
          closedOn: '2027-05-07',
        },
        { phase: 'integrations', owner: 'consultant', dueOn: '2027-05-25', state: 'running' },
        { phase: 'technical', owner: 'consultant', dueOn: '2027-06-02', state: 'planned' },
        { phase: 'test', owner: 'customer', dueOn: '2027-06-16', state: 'planned' },
        { phase: 'approval', owner: 'customer', dueOn: '2027-06-23', state: 'planned' },
      ],
    },
    dates: [
      { id: 'upgrade/integrations', on: '2027-05-25' },
      { id: 'upgrade/technical', on: '2027-06-02' },
      { id: 'upgrade/test', on: '2027-06-16' },
      { id: 'meeting-3', on: '2027-08-17', at: '2027-08-17T08:00:00.000Z' },
      { id: 'meeting-4', on: '2027-11-16', at: '2027-11-16T09:00:00.000Z' },
    ],
    ...changed,
  };
}

/** The first meeting of a customer with whom nothing has happened yet. */
export function emptyAgenda(changed: Partial<AgendaData> = {}): AgendaData {
  const { agreement, year } = fullAgenda();
  return {
    asOf: '2027-02-09T07:30:00.000Z',
    agreement,
    customer: 'Testbolaget AB',
    year,
    meeting: {
      id: 'meeting-1',
      at: '2027-02-16T09:00:00.000Z',
      minutes: 60,
      booked: false,
      participants: ['Karin Ek', 'Anna Berg (Pector)'],
    },
    since: { on: '2027-01-01', decisions: [] },
    topics: [],
    hours: {
      contracted: 12000,
      rolledIn: 0,
      used: 0,
      remaining: 12000,
      overage: 0,
      usedSince: 0,
      curve: [{ on: '2027-01-01', used: 0, available: 12000 }],
    },
    entries: [],
    closed: [],
    cases: [],
    actions: [],
    training: [],
    proposals: [],
    remarks: [],
    improvements: [],
    upgrade: { systems: [], news: [], releaseNews: [], phases: [] },
    dates: [],
    ...changed,
  };
}

/** So much that it takes several pages, one cell among it that takes more than a page. */
export function longAgenda(): AgendaData {
  const full = fullAgenda();
  const entries = Array.from({ length: 70 }, (_, index) => ({
    on: `2027-0${3 + Math.floor(index / 28)}-${String((index % 28) + 1).padStart(2, '0')}`,
    hours: 75,
    service: 'consulting',
    note: `Arbete nummer ${index + 1}: genomgång av bokföring och rutiner, med ett längre förslag på hur det kan bli enklare`,
  }));
  const long = Array.from({ length: 1600 }, (_, index) => `ord${index}`).join(' ');
  return {
    ...full,
    entries,
    hours: { ...full.hours, usedSince: 5250 },
    proposals: [
      ...full.proposals,
      { on: '2027-05-02', text: long },
      { on: '2027-05-03', text: 'x'.repeat(3000) },
    ],
  };
}
