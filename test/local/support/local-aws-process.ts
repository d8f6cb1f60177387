// Tests start this as a process of its own, and kill it.
import { startLocalAws } from '../../../local/aws/local-aws.ts';

const [dataDir = ''] = process.argv.slice(2);
const { environment } = await startLocalAws({ dataDir, secrets: { 'hr-acme': 'first' }, visibilitySeconds: 2 });
console.log(JSON.stringify(environment));
