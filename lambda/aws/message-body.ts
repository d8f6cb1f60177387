/**
 * JSON that SQS takes, whatever the content: SQS refuses some code points of Unicode, its stand-ins all above U+FFFF
 * (SendMessage, SQS API Reference), and JSON can write those in ASCII.
 */
export function messageBody(content: object): string {
  return JSON.stringify(content).replace(/[\uD800-\uDFFF\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}
