import { describe, expect, it } from '@jest/globals';
import {
  type Comparison,
  compareNames,
  foldIdentifier,
  namesInHr,
  namesInWorkfront,
  sameName,
} from '../../../lambda/domain/person/names.ts';
import { aUser } from '../../support/builders.ts';

describe('two whole names', () => {
  it.each<[string, string[], string[], Comparison]>([
    ['are equal', ['Ana', 'Silva'], ['Ana', 'Silva'], 'agree'],
    ['differ in case and blanks', ['ANA ', 'silva'], ['Ana', 'Silva'], 'agree'],
    ['differ in all words', ['Ana', 'Silva'], ['Bo', 'Berg'], 'differ'],
    ['have the family name in common', ['Annie', 'Silva'], ['Ana', 'Silva'], 'agree'],
    ['have the given name in common, after a marriage', ['Ana', 'Silva'], ['Ana', 'Costa'], 'agree'],
    ['are in another order', ['Silva', 'Ana'], ['Ana', 'Silva'], 'agree'],
    ['are in one field', ['Silva, Ana'], ['Ana', 'Silva'], 'agree'],
    ['write ß and ss', ['Weiß'], ['Weiss'], 'agree'],
    ['write ö and oe', ['Jörg'], ['Joerg'], 'agree'],
    ['write ö and o', ['Jörg'], ['Jorg'], 'agree'],
    ['write ø and o', ['Sørensen'], ['Sorensen'], 'agree'],
    ['write ø and oe', ['Sørensen'], ['Soerensen'], 'agree'],
    ['write å and aa', ['Åse'], ['Aase'], 'agree'],
    ['write æ and ae', ['Kjær'], ['Kjaer'], 'agree'],
    ['write ł and l', ['Wałęsa'], ['Walesa'], 'agree'],
    ['write ı and i', ['Işık'], ['Isik'], 'agree'],
    ['write composed and decomposed letters', ['Jos\u00e9'], ['Jose\u0301'], 'agree'],
    ['write an apostrophe or none', ["O'Brien"], ['OBrien'], 'agree'],
    ['write a curly apostrophe', ['O\u2019Brien'], ["O'Brien"], 'agree'],
    ['join their words or do not', ['Anna-Maria'], ['Anna Maria'], 'agree'],
    ['are written in one word', ['Jean', 'Luc'], ['JeanLuc'], 'agree'],
    ['have an initial in common alone', ['J.', 'Silva'], ['J.', 'Berg'], 'differ'],
    ['are an initial alone', ['J.'], ['Ana'], 'unknown'],
    ['are in different scripts', ['Ana', 'Silva'], ['\u0410\u043d\u0430', '\u0421\u0438\u043b\u044c\u0432\u0430'], 'unknown'],
    ['are in one other script', ['\u0410\u043d\u0430'], ['\u0410\u043d\u043d\u0430'], 'differ'],
    ['are ideographs of one sign', ['\u738b'], ['\u738b'], 'agree'],
    ['are different ideographs', ['\u738b\u4f1f'], ['\u674e\u5a1c'], 'differ'],
    ['are compared in the script that both have', ['\u738b\u4f1f', 'Wei'], ['Wei', 'Wang'], 'agree'],
    ['are missing on one side', [], ['Ana'], 'unknown'],
    ['are missing on the other side', ['Ana'], [], 'unknown'],
    ['are missing on both sides', [], [], 'unknown'],
    ['are punctuation', ['-'], ['Ana'], 'unknown'],
  ])('that %s: %j, %j %s', (_, one, other, comparison) => {
    expect(compareNames(one, other)).toBe(comparison);
  });

  it.each<[string[], string[]]>([
    [
      ['Ana', 'Silva'],
      ['Ana', 'Costa'],
    ],
    [['Ana'], ['\u0410\u043d\u0430']],
    [['Ana'], ['Bo']],
    [['\u738b\u4f1f', 'Wei'], ['Wang']],
  ])('%j and %j compare the same in either order', (one, other) => {
    expect(compareNames(one, other)).toBe(compareNames(other, one));
  });

  it('are all that HR and Workfront know', () => {
    expect(namesInHr({ givenName: 'Ana', familyName: 'Silva', displayName: 'A. Silva', email: 'a@b' })).toEqual([
      'Ana',
      'Silva',
      'A. Silva',
    ]);
    expect(namesInWorkfront(aUser({ firstName: 'Ana', lastName: '', displayName: 'Ana S' }))).toEqual(['Ana', 'Ana S']);
  });
});

describe('an identifier', () => {
  it.each([
    ['0042', '42'],
    ['00-42', '42'],
    ['X-001', 'x001'],
    ['E 42', 'e42'],
    ['000', '0'],
    ['0', '0'],
    [' 42 ', '42'],
  ])('%s is folded to %s', (text, folded) => {
    expect(foldIdentifier(text)).toBe(folded);
  });

  it.each([
    ['ANA@acme.test', 'ana@ACME.test', true],
    [' ana', 'ana ', true],
    [undefined, 'ana', false],
    ['ana', 'anna', false],
  ])('%s is the name %s: %s', (one, other, same) => {
    expect(sameName(one, other)).toBe(same);
  });
});
