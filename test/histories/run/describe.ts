import { fieldsOf } from '../world/accounts.ts';
import type { Scenario } from '../world/scenario.ts';

/** Says what is true in a history: who works when, what they are known by, which accounts there are, what HR has on record. */
export function describe(scenario: Scenario, print: (line: string) => void): void {
  const { rules, faults, people, attributes, texts, accounts, facts, systems, actions } = scenario;
  const involved = new Set(actions.flatMap((action) => (action.do === 'deliver' ? [action.delivery.label.person] : [])));
  print(`rules ${JSON.stringify(rules)}`);
  print(`faults ${JSON.stringify(faults)}`);
  for (const system of systems) print(`system ${JSON.stringify(system)}`);
  for (const { id, story, employments, operator } of people) {
    const spans = employments.map(({ from, to, system }) => `at ${system} from ${day(from)} to ${day(to)}`).join(', ');
    print(`${id} (${story}${involved.has(id) ? '' : ', not heard of'}) works ${spans}; operator ${operator.how}`);
    for (const attribute of attributes) {
      for (const owner of attribute.owners.filter(({ person }) => person === id))
        print(`    ${attribute.kind} ${texts[attribute.id]} from ${day(owner.from)} to ${day(owner.to)}`);
    }
  }
  for (const { id, owner, isActive, isAdmin, madeAt, fields } of accounts) {
    const texts = fieldsOf(fields)
      .map(([field, { text }]) => `${field} ${text}`)
      .join(', ');
    print(
      `account ${id.replace(/^0+/, '')} of ${owner}, made ${day(madeAt)}${isActive ? '' : ', inactive'}${isAdmin ? ', administrator' : ''}: ${texts}`,
    );
  }
  for (const { id, person, system, recordedAt, says, endsAt } of facts)
    print(
      `fact ${id}: ${system} records at ${new Date(recordedAt).toISOString()} that ${person} ${says === 'ends' ? `ends ${new Date(endsAt).toISOString()}` : 'stays'}`,
    );
}

const day = (at: number): string => (Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(0, 16) : at > 0 ? 'open' : 'ever');
