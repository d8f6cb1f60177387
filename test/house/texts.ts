import { SyntaxKind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

/** A piece of English in a file. Of the same length and with the same line breaks as in the file, so that a place in it has a line. */
export interface Text {
  /** Where it begins in the file. */
  start: number;
  text: string;
}

/**
 * The comments, strings and templates of TypeScript or JavaScript. Comments on consecutive lines are one text.
 *
 * @throws SyntaxError if the code ends within a string, template, regular expression or comment
 */
export function textsOfCode(code: string): Text[] {
  const texts: Text[] = [];
  const add = (start: number, text: string) => texts.push({ start, text });
  const scanner = createScanner(false, undefined, code);
  /** The templates around the current token: where each begins, its text so far, the braces open within its expression. */
  const templates: { start: number; text: string; braces: number }[] = [];
  let before = SyntaxKind.Unknown;

  for (let token = scanner.scan(); token !== SyntaxKind.EndOfFile; token = scanner.scan()) {
    const template = templates.at(-1);
    if (startsRegex(token) && !endsOperand(before)) token = scanner.reScanSlashToken();
    if (token === SyntaxKind.CloseBraceToken && template?.braces === 0) token = scanner.reScanTemplateToken(false);
    if (scanner.isUnterminated()) throw new SyntaxError('expected a complete token; the code ends within it');
    const start = scanner.getTokenStart();
    const text = scanner.getTokenText();

    switch (token) {
      case SyntaxKind.SingleLineCommentTrivia:
      case SyntaxKind.MultiLineCommentTrivia: {
        const last = texts.at(-1);
        const between = last && code.slice(last.start + last.text.length, start);
        if (last && code.startsWith('//', last.start) && text.startsWith('//') && between?.trim() === '')
          last.text += between + withoutMarks(text);
        else add(start, withoutMarks(text));
        break;
      }
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
        add(start, withoutEscapes(text));
        break;
      case SyntaxKind.TemplateHead:
        templates.push({ start, text: withoutEscapes(text), braces: 0 });
        break;
      case SyntaxKind.TemplateMiddle:
      case SyntaxKind.TemplateTail:
        if (template === undefined) break;
        template.text += blank(code.slice(template.start + template.text.length, start)) + withoutEscapes(text);
        if (token === SyntaxKind.TemplateTail) {
          templates.pop();
          add(template.start, template.text);
        }
        break;
      case SyntaxKind.OpenBraceToken:
        if (template) template.braces++;
        break;
      case SyntaxKind.CloseBraceToken:
        if (template) template.braces--;
        break;
    }
    if (!isTrivia(token)) before = token;
  }
  return texts;
}

/** The text of Markdown without what programs print: blocks marked `console`, and blocks in which a command follows a `$`. */
export function textsOfMarkdown(markdown: string): Text[] {
  const text = markdown.replace(/^```(.*)\n([\s\S]*?)^```/gm, (block, mark: string, inside: string) =>
    mark.startsWith('console') || /^\$ /m.test(inside) ? blank(block) : block,
  );
  return [{ start: 0, text }];
}

const startsRegex = (token: SyntaxKind) => token === SyntaxKind.SlashToken || token === SyntaxKind.SlashEqualsToken;

const isTrivia = (token: SyntaxKind) => token >= SyntaxKind.FirstTriviaToken && token <= SyntaxKind.LastTriviaToken;

/** Whether a slash after this token divides. */
const endsOperand = (token: SyntaxKind) =>
  [
    SyntaxKind.Identifier,
    SyntaxKind.NumericLiteral,
    SyntaxKind.BigIntLiteral,
    SyntaxKind.StringLiteral,
    SyntaxKind.RegularExpressionLiteral,
    SyntaxKind.NoSubstitutionTemplateLiteral,
    SyntaxKind.TemplateTail,
    SyntaxKind.CloseParenToken,
    SyntaxKind.CloseBracketToken,
    SyntaxKind.CloseBraceToken,
    SyntaxKind.ThisKeyword,
    SyntaxKind.TrueKeyword,
    SyntaxKind.FalseKeyword,
    SyntaxKind.NullKeyword,
  ].includes(token);

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

const withoutMarks = (comment: string) => comment.replace(/^\/\/|^\/\*+|\*\/$|^[ \t]*\*/gm, blank);

/** A string or a part of a template, without line breaks written as `\\n` and without the marks of an expression. */
const withoutEscapes = (literal: string) => literal.replace(/\\[nrt]|^\}|\$\{$/g, blank);
