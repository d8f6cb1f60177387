import { InvalidInput } from '../domain/failures.ts';
import type { Delivery } from './source.ts';

/**
 * Parses elements by their name without prefix, all values as text. A DTD is refused: it could make the parser read files or grow text.
 *
 * @param lists names of elements that are lists, also if there is only one
 * @throws InvalidInput
 */
export async function readXml(text: string, ...lists: readonly string[]): Promise<unknown> {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new InvalidInput('delivery: expected XML without a DTD, got a DTD');
  if (UNKNOWN_REFERENCE.test(text.replace(LITERAL, ' ')))
    throw new InvalidInput('delivery: expected XML with references to characters, got a reference to something else');

  // Imported here, so that it does not slow down the cold start of the other systems.
  const { XMLParser } = await import('./xml-parser.ts');
  const parser = new XMLParser({
    removeNSPrefix: true,
    parseTagValue: false,
    ignorePiTags: true,
    // Without it, the library leaves `&#39;` as it is: O'Brien would have no account.
    htmlEntities: true,
    isArray: (name) => lists.includes(name),
  });
  try {
    return parser.parse(text, true);
  } catch (cause) {
    throw new InvalidInput(`delivery: expected XML, got text of ${text.length} characters that is not XML`, { cause });
  }
}

/** Parts in which `&` is itself: CDATA sections, comments, instructions. One that does not end goes to the end of the text, in one step. */
const LITERAL = /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g;

/** Without a DTD there are five names, and numbers (XML 1.0, sections 4.1 and 4.6). */
const UNKNOWN_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;

/** Encodings of XML that HR systems can be set to, by the beginnings of their names. */
const ENCODINGS = /^(utf-8|utf8|utf-16|utf-16le|utf-16be|us-ascii|iso-8859-\d{1,2}|latin1|windows-125\d)$/i;

/**
 * Decodes XML: by its byte order mark, otherwise by the charset of its content type, otherwise as it declares itself (RFC 7303, section
 * 3), otherwise as UTF-8.
 *
 * @throws InvalidInput if the bytes are not in that encoding
 */
export function decodeXml({ headers, body }: Delivery): string {
  const charset = headers.get('content-type')?.match(/;\s*charset="?([\w-]+)/i)?.[1];
  const encoding = markedAs(body) ?? charset ?? declaredIn(body) ?? 'utf-8';
  if (!ENCODINGS.test(encoding)) throw new InvalidInput('delivery: expected XML in UTF-8, UTF-16 or ISO-8859, got another encoding');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch {
    throw new InvalidInput(`delivery: expected text in ${encoding}, got other bytes; send the body as its header and its first line say`);
  }
}

/** The first two bytes of an encoding, in hex: of its mark, or the zero beside the first `<`. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ['fffe', 'utf-16le'],
  ['3c00', 'utf-16le'],
  ['feff', 'utf-16be'],
  ['003c', 'utf-16be'],
  ['efbb', 'utf-8'],
]);

const markedAs = (body: Uint8Array): string | undefined => MARKS.get(Buffer.from(body.subarray(0, 2)).toString('hex'));

/** Whether a body that may be JSON or XML is XML: the first visible byte is `<`, or it is UTF-16. */
export const isXml = (body: Uint8Array): boolean =>
  markedAs(body)?.startsWith('utf-16') === true || body.find((byte) => byte > 0x20 && byte < 0x80) === 0x3c;

const DECLARATION_BYTES = 200;

function declaredIn(body: Uint8Array): string | undefined {
  const start = Buffer.from(body.subarray(0, DECLARATION_BYTES)).toString('latin1');
  return /^\s*<\?xml[^>]*\sencoding=["']([\w-]+)["']/.exec(start)?.[1];
}
