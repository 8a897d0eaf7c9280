import { softBreaks } from '../../templates/mails/soft-breaks';

const inBody = (text: string): string =>
  softBreaks(`<style>${text}</style><body><p>${text}</p>`).split('<p>')[1]!;

describe('lines of a mail', () => {
  it.each([
    ['kontoavstämningsrapporter', 'kontoavstämningsrapporter'],
    ['karin.ek@testbolaget.example.com', 'karin.ek@testbolaget.example.com'],
    [
      'https://intranet.example.com/a?id=4711',
      'https://<wbr>intranet.<wbr>example.<wbr>com/<wbr>a?<wbr>id=<wbr>4711',
    ],
    ['x'.repeat(60), `${'x'.repeat(28)}<wbr>${'x'.repeat(28)}<wbr>xxxx`],
    [
      '&quot;a&quot;:&quot;2027-05-17&quot;,&#x27;b&#x27;:12345678901234',
      '&quot;a&quot;:<wbr>&quot;<span style="white-space:nowrap">2027-05-17</span>&quot;,<wbr>&#x27;b&#x27;:<wbr>12345678901234',
    ],
    [
      '1 maj (2027-05-01) --reason',
      '1 maj (<span style="white-space:nowrap">2027-05-01</span>) <span style="white-space:nowrap">--reason</span>',
    ],
  ])('of %s end where a person would end them', (text, broken) => {
    expect(inBody(text)).toBe(`${broken}</p>`);
  });

  it('are left alone outside the body and inside tags', () => {
    const link = `<body><a href="https://intranet.example.com/a/very/long/path/2027-05-17">x</a>`;
    expect(softBreaks(link)).toBe(link);
    expect(softBreaks(`<style>${'x'.repeat(60)}</style><body>`)).toBe(
      `<style>${'x'.repeat(60)}</style><body>`,
    );
  });
});
