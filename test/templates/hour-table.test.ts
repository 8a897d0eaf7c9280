import { hourTable } from '../../templates/hour-table';

const hour = 3600;

describe('an hour statement as a table', () => {
  const lines = [
    { on: '2027-01-01', kind: 'contracted', seconds: 120 * hour },
    {
      on: '2027-03-10',
      number: 1,
      kind: 'consulting',
      by: 'Karin Ek',
      note: 'Ny layout; två fält',
      seconds: -4800,
      prices: [123_250],
    },
    { on: '2027-03-10', number: 2, kind: 'correction', by: 'Karin Ek', seconds: 1200 },
    { on: '2028-01-01', kind: 'rolledOut', seconds: -24 * hour },
  ];

  it('opens right in a Swedish Excel: BOM, semicolons, decimal comma, time and hours, and what is left after each line', () => {
    expect(hourTable(lines, 'sv').split('\r\n')).toEqual([
      '\ufeffNummer;Dag;Slag;Person;Anteckning;Tid;Timmar;Kvar;Kvar i timmar;Pris per timme exkl. moms',
      ';2027-01-01;Avtalade timmar;;;120:00;120;120:00;120;',
      '1;2027-03-10;Konsultarbete;Karin Ek;"Ny layout; två fält";-1:20;-1,3333;118:40;118,6667;1232,50',
      '2;2027-03-10;Rättelse;Karin Ek;;0:20;0,3333;119:00;119;',
      ';2028-01-01;Överförs till nästa avtalsår;;;-24:00;-24;95:00;95;',
      '',
    ]);
  });

  it('speaks English, with commas and a decimal point', () => {
    expect(hourTable(lines.slice(1, 2), 'en')).toContain(
      '1,2027-03-10,Consulting,Karin Ek,Ny layout; två fält,-1:20,-1.3333,',
    );
  });

  it.each(['=1+1', '+1', '-2+3', '@SUM(A1)', '\tx', '=HYPERLINK("http://x.example")'])(
    'takes %j for text, not for a formula',
    (note) => {
      const [, row = ''] = hourTable(
        [{ on: '2027-03-10', number: 1, kind: 'other', note, seconds: -60 }],
        'sv',
      ).split('\r\n');
      const text = row.split(';')[4] ?? '';
      expect(text.replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );
});
