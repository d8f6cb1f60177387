/** In a file of its own, so that the bundle has no more of the library than this: an import at run time would bring all of it. */
export { XMLParser } from 'fast-xml-parser';
