/** Finds who is meant by a name: names of persons are in PostgreSQL alone. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Named } from '../../rules/engine/basics/which-is-meant';
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { Db } from '../db';
import { permanent } from '../permanent';
import { contractOn, findAgreement } from './agreements';
import { testersOf } from './testers';

export interface FindPeopleInput {
  agreement: string;
  asOf: Instant;
  /** As somebody wrote them: a whole name, a part of it, or a mail address. */
  names: string[];
}

export function createPeopleActivities({ db }: { db: Db }) {
  return {
    /** @returns for each name the ids it may stand for: contacts, `consultant`, `manager`, `support`, and who is invited to test */
    async findPeople({ agreement, asOf, names }: FindPeopleInput): Promise<string[][]> {
      const known = await findAgreement(db, agreement);
      if (!known) throw permanent('NotFound', `expected a signed agreement, found none: ${agreement}`);
      const people = peopleOf(await contractOn(db, known, localDateOf(asOf)));
      const testers = (await testersOf(db, agreement)).map(({ id, name, email }) => ({
        id,
        names: [name, email],
      }));
      // A contact comes before a tester of the same name.
      return names.map((name) => {
        const meant = whichIsMeant(name, people);
        return meant.length > 0 ? meant : whichIsMeant(name, testers);
      });
    },
  };
}

function peopleOf({ contacts: { customer, consultant, manager, support } }: Contract): Named[] {
  const contacts = customer.map((contact, index) => ({
    id: contactId(contact, index),
    names: [contact.name, contact.email],
  }));
  const ours = Object.entries({ consultant, manager, support });
  return [...contacts, ...ours.map(([id, { name, email }]) => ({ id, names: [name, email] }))];
}
