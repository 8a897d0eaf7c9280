/** The companies that sign a document besides our own: usually one, which is the customer. */
import { readOrgNumber } from '../basics/org-number';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import { fold } from '../basics/patterns';
import { find, nameOf } from './document-values';
import type { SigningMapping } from './mapping';
import type { SigningDocument, SigningField } from './signing';
import { fieldsIn } from './unused-fields';

/** A company on the other side; what it does not say of itself is empty. */
export interface Company {
  name: string;
  number: string;
}

const nameField = 'counterpart.name';
const numberField = 'counterpart.number';

/** The fields that the companies of a document give, each company once, however many sign for it. */
export function counterpartFields(companies: readonly Company[]): SigningField[] {
  const once: Company[] = [];
  for (const { name, number } of companies) {
    const known = once.find((other) => isSameCompany(other, { name, number }));
    if (known) Object.assign(known, { name: known.name || name, number: known.number || number });
    else if (fold(name) !== '' || fold(number) !== '') once.push({ name, number });
  }
  return once.flatMap(({ name, number }, index) =>
    [
      { name: nameField, value: name },
      { name: numberField, value: number },
    ]
      .filter(({ value }) => value.trim() !== '')
      .map((field) => ({ ...field, ...(once.length > 1 && { company: index + 1 }) })),
  );
}

/** Whether two are one company: by their numbers where both have one, else by their names. */
export function isSameCompany(one: Company, other: Company): boolean {
  const [a, b] = [numberOf(one), numberOf(other)];
  return a !== '' && b !== '' ? a === b : fold(one.name) !== '' && fold(one.name) === fold(other.name);
}

const numberOf = ({ number }: Company): string => readOrgNumber(number) ?? fold(number);

/**
 * The document with the fields of one company on the other side: of several, the one that the mapping's `counterpart`
 * names. A mapping that looks up nothing of the other side needs none.
 *
 * @returns also why no company can be told from the others; the fields are those of the first then
 */
export function withCustomer(
  mapping: SigningMapping,
  document: SigningDocument,
): { document: SigningDocument; unclear?: Text } {
  const companies = companiesOf(document);
  const isAsked = fieldsIn(mapping.contract).some(isOfCounterpart);
  if (isAsked && companies.length === 0 && document.privatePerson) return { document, unclear: onlyAPerson };
  if (companies.length < 2 || !isAsked) return { document };
  const { counterpart } = mapping;
  const found = counterpart && find(document, counterpart);
  const text = found && 'text' in found ? found.text : counterpart?.default;
  const named = companies.findIndex((company) => typeof text === 'string' && isNamed(company, text));
  const chosen = Math.max(named, 0) + 1;
  const fields = document.fields.filter(({ company = chosen }) => company === chosen);
  return {
    document: { ...document, fields },
    ...(named < 0 && { unclear: whichOne(companies, counterpart) }),
  };
}

const onlyAPerson: Text = {
  sv:
    'förväntade ett företag på andra sidan, hittade en privatperson; gör avtalet på nytt med kundens företag som motpart ' +
    '(typen Företag, inte Privatperson) och personen som dess undertecknare, eller låt mappningen ta customer ur fält i avtalet',
  en:
    'expected a company on the other side, found a private person; make the contract anew with the company of the customer as the ' +
    'counterparty (of the type company, not individual) and the person as its signatory, or have the mapping take customer from fields of the contract',
};

/** Whether a name is that of a field that a company on the other side gives. */
export const isOfCounterpart = (field: string): boolean => [nameField, numberField].includes(fold(field));

function companiesOf({ fields }: SigningDocument): Company[] {
  const last = Math.max(0, ...fields.map(({ company = 0 }) => company));
  const valueOf = (index: number, name: string): string =>
    fields.find((field) => field.company === index + 1 && field.name === name)?.value ?? '';
  return Array.from({ length: last }, (_, index) => ({
    name: valueOf(index, nameField),
    number: valueOf(index, numberField),
  }));
}

const isNamed = (company: Company, text: string): boolean =>
  fold(company.name) === fold(text) || isSameCompany(company, { name: '', number: text });

function whichOne(companies: readonly Company[], counterpart: SigningMapping['counterpart']): Text {
  const each = companies.map(({ name, number }) => [name, number].filter((part) => part !== '').join(' '));
  const field = counterpart && nameOf(counterpart);
  return expectedFound(
    joined(
      {
        sv: 'ett företag på andra sidan, eller vilket av dem som är kunden: namn eller organisationsnummer ',
        en: 'one company on the other side, or which of them is the customer: name or organisation number ',
      },
      field
        ? joined({ sv: 'i ', en: 'in ' }, field, {
            sv: ', eller för ett redan undertecknat dokument som default i mappningens counterpart',
            en: ", or for a document that is signed already as default in the mapping's counterpart",
          })
        : { sv: 'genom mappningens counterpart', en: "by the mapping's counterpart" },
    ),
    each.join('; '),
  );
}
