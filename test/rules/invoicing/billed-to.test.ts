/** Who is invoiced, what an e-invoice would be refused for, and that a contract signed later leaves it as it is. */
import { applyContractChanges, diffContract } from '../../../rules/engine/contract/change-contract';
import { judgeAmendedContract } from '../../../rules/engine/change/amend-contract';
import type { Contract } from '../../../rules/engine/contract/contract';
import { readContract } from '../../../rules/engine/contract/read-contract';
import { billedTo, eInvoiceProblems, eInvoiceWarnings } from '../../../rules/engine/invoicing/billed-to';
import { exampleContract } from '../fixtures';

const { number: _, reference: __, costCentre: ___, ...customer } = exampleContract().customer;
const contract = (changed: Partial<Contract['customer']>, billTo?: Contract['billTo']): Contract => ({
  ...exampleContract(),
  customer: { ...customer, ...changed },
  ...(billTo && { billTo }),
});
const group = { name: 'Testkoncernen AB', orgNumber: '556000-0001' };

test.each<[string, Contract, object]>([
  ['the customer', contract({ number: '10005' }), { name: 'Testbolaget AB', number: '10005' }],
  ['a customer whose id is its number', contract({ id: '10007' }), { number: '10007' }],
  ['a company of the group', contract({ number: '10005' }, group), { name: 'Testkoncernen AB' }],
  [
    'a company of the group with a number and a reference of its own',
    contract({ reference: 'Karin' }, { ...group, number: '20001', reference: 'PO 77' }),
    { number: '20001', reference: 'PO 77' },
  ],
])('%s is invoiced', (_what, signed, billed) => {
  expect(billedTo(signed)).toMatchObject(billed);
  expect(billedTo(signed).number).toBe((billed as { number?: string }).number);
});

test('an e-invoice without a reference would be refused: whoever reads the contract is told', () => {
  expect(eInvoiceWarnings(contract({})).map(({ sv }) => sv)).toEqual([
    'testbolaget-2027: er referens saknas; en e-faktura utan den avvisas (customer.reference)',
  ]);
  expect(eInvoiceWarnings(contract({ reference: 'Karin Ek' }))).toEqual([]);
  expect(eInvoiceWarnings(contract({}, { ...group, reference: 'PO 77' }))).toEqual([]);
});

test('an organisation number that another contract has is taken although it is wrong, and told as well', () => {
  const wrong = contract({}, { ...group, reference: 'PO 77', orgNumber: '556000-0002' });
  expect(eInvoiceProblems(wrong)).toMatchObject([
    {
      about: 'billTo.orgNumber',
      message: { en: expect.stringContaining('556000-0002 does not fit') as string },
    },
  ]);
});

test('so would one to a company whose organisation number fails its check digit', () => {
  const wrong = JSON.stringify(contract({}, { ...group, orgNumber: '556000-0002' }));
  const { findings } = readContract(wrong, 'c.json', {});
  expect(findings.map(({ message }) => message)).toEqual([
    'billTo.orgNumber: expected an organisation number whose last digit fits the others, found "556000-0002"',
  ]);
});

test('a telephone number of ours stays where a contract that is signed later has none, as long as the person does', () => {
  const ours = exampleContract().contacts;
  const phone = '08-465 004 01';
  const known = { ...exampleContract(), contacts: { ...ours, consultant: { ...ours.consultant, phone } } };
  const signed = (consultant: Contract['contacts']['consultant']): string[] => {
    const { contacts, hourBank, ...rest } = exampleContract();
    const more = { ...rest, hourBank: { ...hourBank, hours: 160 }, contacts: { ...contacts, consultant } };
    const standing = { contract: known, pending: [], ended: false };
    const judged = judgeAmendedContract(standing, { contract: more }, '2027-03-01');
    return judged.outcome === 'amendment' ? judged.changes.map(({ path }) => path) : [judged.outcome];
  };
  expect(signed(ours.consultant)).toEqual(['hourBank.hours']);
  expect(signed({ ...ours.consultant, email: 'x@pector.example' })).toContain('contacts.consultant.phone');
});

test('what invoices say changes without a signature, and stays where a contract that is signed later says nothing of it', () => {
  const known = contract({ number: '10005', reference: 'Karin Ek' }, group);
  expect(diffContract(contract({}), known).map(({ allowed }) => allowed)).toEqual([true, true, true]);
  const signed = contract({});
  const more = { ...signed, hourBank: { ...signed.hourBank, hours: 160 } };
  const judged = judgeAmendedContract(
    { contract: known, pending: [], ended: false },
    { contract: more },
    '2027-03-01',
  );
  if (judged.outcome !== 'amendment') throw new Error(`expected an amendment, found ${judged.outcome}`);
  expect(judged.changes.map(({ path }) => path)).toEqual(['hourBank.hours']);
  expect(billedTo(applyContractChanges(known, judged.changes))).toEqual(billedTo(known));
});
