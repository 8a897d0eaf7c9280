/** A file of one row of the example, as it is imported. */
import type { TimeImport } from '../../activities/hours/import';

export const importedRow: TimeImport = {
  ...{ profile: 'excel', file: { name: 'ark.txt', sha256: '' }, by: 'eva', asOf: '2027-03-10T09:00:00.000Z' },
  rows: [
    {
      ...{ line: 2, name: '1', agreement: 'testbolaget-2027', on: '2027-03-09' },
      ...{ person: 'Anna Berg', kind: 'consulting', seconds: 7_200 },
    },
  ],
};
