/**
 * Writes JSON that SQS accepts, whatever the content. SQS refuses some code points of Unicode, and its stand-ins refuse all above
 * U+FFFF (SendMessage, SQS API Reference); JSON can write those in ASCII.
 */
export function messageBody(content: object): string {
  return JSON.stringify(content).replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}
