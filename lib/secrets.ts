import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface SecretsProps {
  encryptionKey: IKey;
  removalPolicy: RemovalPolicy;
  sourceNames: readonly string[];
  /** The sources whose HR system is asked. */
  lookUpNames: readonly string[];
  /** Whether leavers are removed in the Adobe Admin Console too. */
  hasAdminConsole: boolean;
}

/**
 * The Workfront secret, one secret for each source, and one for each source whose HR system is asked: `<stack>/workfront`,
 * `<stack>/source/<name>` and `<stack>/look-up/<name>`. With an Admin Console also `<stack>/admin-console`. They are created without a value, so reading one that nobody has set
 * fails instead of returning something that looks real.
 */
export class Secrets extends Construct {
  readonly #stackName: string;
  readonly #sourceNames: readonly string[];
  readonly #workfront: ISecret;
  readonly #sources: readonly ISecret[];
  readonly #lookUps: readonly ISecret[];
  readonly #adminConsole: ISecret | undefined;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy, sourceNames, lookUpNames, hasAdminConsole }: SecretsProps) {
    super(scope, id);
    this.#stackName = Stack.of(this).stackName;
    this.#sourceNames = sourceNames;
    const aSecret = (secretId: string, name: string, description: string) =>
      emptySecret(this, secretId, { name, description, encryptionKey, removalPolicy });

    this.#workfront = aSecret('Workfront', this.workfrontSecretName, 'Credential for Workfront; only the worker reads it');
    this.#sources = sourceNames.map((source) =>
      aSecret(`Source-${source}`, this.sourceSecretName(source), `Secret that ${source} signs deliveries with; only the receiver reads it`),
    );
    this.#lookUps = lookUpNames.map((source) =>
      aSecret(
        `LookUp-${source}`,
        this.lookUpSecretName(source),
        `Credential for asking the HR system of ${source}; only the worker reads it`,
      ),
    );
    if (hasAdminConsole) {
      const description = 'Credential for the User Management API of Adobe; only the worker reads it';
      this.#adminConsole = aSecret('AdminConsole', this.adminConsoleSecretName, description);
    }
  }

  get adminConsoleSecretName(): string {
    return `${this.#stackName}/admin-console`;
  }

  get workfrontSecretName(): string {
    return `${this.#stackName}/workfront`;
  }

  sourceSecretName(source: string): string {
    return `${this.#stackName}/source/${source}`;
  }

  lookUpSecretName(source: string): string {
    return `${this.#stackName}/look-up/${source}`;
  }

  /** The secret names by source. */
  get sourceSecretNames(): Record<string, string> {
    return Object.fromEntries(this.#sourceNames.map((source) => [source, this.sourceSecretName(source)]));
  }

  grantReadWorkfront(grantee: IGrantable): void {
    this.#workfront.grantRead(grantee);
  }

  grantReadLookUps(grantee: IGrantable): void {
    for (const secret of this.#lookUps) secret.grantRead(grantee);
  }

  /** Grants nothing if the stage has no Admin Console. */
  grantReadAdminConsole(grantee: IGrantable): void {
    this.#adminConsole?.grantRead(grantee);
  }

  grantReadSources(grantee: IGrantable): void {
    for (const secret of this.#sources) secret.grantRead(grantee);
  }
}

interface EmptySecretProps {
  name: string;
  description: string;
  encryptionKey: IKey;
  removalPolicy: RemovalPolicy;
}

/**
 * Uses the resource itself because the higher-level construct always generates a value. "If you omit both GenerateSecretString
 * and SecretString, you create an empty secret": AWS::SecretsManager::Secret.
 */
function emptySecret(scope: Construct, id: string, { name, description, encryptionKey, removalPolicy }: EmptySecretProps): ISecret {
  const secret = new CfnSecret(scope, id, { name, description, kmsKeyId: encryptionKey.keyArn });
  secret.applyRemovalPolicy(removalPolicy);
  acknowledge(secret, 'SMG4', 'Workfront or the HR system generates the value: the ops CLI rotates it, with both values valid meanwhile');
  return Secret.fromSecretAttributes(scope, `${id}-Grants`, { secretCompleteArn: secret.ref, encryptionKey });
}
