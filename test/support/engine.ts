/**
 * The endpoint of another engine that answers as AWS, if `npm run test:engines` runs the tests; undefined: the local stand-ins.
 * Tests of what AWS does find AWS here, so that several engines judge the same tests.
 */
export const ENGINE_URL: string | undefined = process.env.TEST_ENGINE_URL;
