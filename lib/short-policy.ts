import { parse } from '../lambda/domain/parse.ts';
import { type Policy, policy, rulesOf } from '../lambda/domain/policy.ts';

const DEFAULTS: Policy = parse(policy, {}, 'policy');
const SOURCE_DEFAULTS = rulesOf('', DEFAULTS);

/** Leaves out what equals a default, because Lambda's environment is short. Every source keeps its name. */
export function shortPolicy(full: Policy): object {
  const sources = Object.entries(full.sources).map(([name, rules]) => [name, without(rules, SOURCE_DEFAULTS)]);
  return without({ ...full, sources: Object.fromEntries(sources) }, DEFAULTS);
}

function without(full: object, defaults: object): object {
  const usual = new Map(Object.entries(defaults).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.fromEntries(Object.entries(full).filter(([name, value]) => JSON.stringify(value) !== usual.get(name)));
}
