import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { CredentialFailure } from '../../domain/failures.ts';
import { MINUTE, SECOND } from '../../domain/time/time.ts';

interface Asserted {
  /** The OAuth client, "API key" in SuccessFactors. */
  clientId: string;
  userId: string;
  /** PEM, of the certificate that the client was registered with. */
  privateKey: string;
  /** Of a checked host: nothing in it has to be escaped. */
  tokenUrl: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const VALID_FOR = 5 * MINUTE;
/** The clock of the other side may be behind ours. */
const CLOCKS_DIFFER_BY = MINUTE;

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SAML = 'urn:oasis:names:tc:SAML:2.0';

/**
 * A signed SAML assertion in base64, which SuccessFactors exchanges for a token ("Generating a SAML Assertion", SAP SuccessFactors OData API
 * developer guide; RFC 7522). Everything is written in the canonical form at once (Exclusive XML Canonicalization 1.0): attributes in
 * order, no empty tags, no white space. So what is signed is what is sent.
 *
 * @throws CredentialFailure if the key is not a private key
 */
export function samlAssertion(asserted: Asserted): string {
  const id = `_${randomUUID()}`;
  const { before, after } = assertionOf(asserted, id);
  const digest = createHash('sha256').update(`${before}${after}`).digest('base64');
  const info = signedInfo(id, digest);
  const value = sign('sha256', Buffer.from(info), keyOf(asserted.privateKey)).toString('base64');
  const signature = `<ds:Signature xmlns:ds="${DS}">${info.replace(` xmlns:ds="${DS}"`, '')}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  return Buffer.from(`${before}${signature}${after}`).toString('base64');
}

/** The assertion without its signature, in the two parts between which that stands: behind the issuer (SAML 2.0 Core, section 2.3.3). */
function assertionOf({ clientId, userId, tokenUrl, now }: Asserted, id: string): { before: string; after: string } {
  const at = (millis: number) => `${new Date(Math.floor(millis / SECOND) * SECOND).toISOString().slice(0, 19)}Z`;
  const [issued, until] = [at(now), at(now + VALID_FOR)];
  const before = `<saml2:Assertion xmlns:saml2="${SAML}:assertion" ID="${id}" IssueInstant="${issued}" Version="2.0"><saml2:Issuer>workfront-offboarding</saml2:Issuer>`;
  const after = [
    `<saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${escaped(userId)}</saml2:NameID>`,
    `<saml2:SubjectConfirmation Method="${SAML}:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${tokenUrl}"></saml2:SubjectConfirmationData></saml2:SubjectConfirmation></saml2:Subject>`,
    `<saml2:Conditions NotBefore="${at(now - CLOCKS_DIFFER_BY)}" NotOnOrAfter="${until}"><saml2:AudienceRestriction><saml2:Audience>www.successfactors.com</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>`,
    `<saml2:AuthnStatement AuthnInstant="${issued}" SessionIndex="${id}"><saml2:AuthnContext><saml2:AuthnContextClassRef>${SAML}:ac:classes:X509</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`,
    `<saml2:AttributeStatement><saml2:Attribute Name="api_key"><saml2:AttributeValue>${escaped(clientId)}</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>`,
  ].join('');
  return { before, after };
}

function signedInfo(id: string, digest: string): string {
  return [
    `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`,
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#${id}">`,
    `<ds:Transforms><ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>`,
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
  ].join('');
}

function keyOf(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new CredentialFailure(
      'hr-credential-refused',
      'expected a private key in PEM, got other text; set a new credential for the look-up',
    );
  }
}

/** What stands between tags. A quote stays there as it is in the canonical form. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
