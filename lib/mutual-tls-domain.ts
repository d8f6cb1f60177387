import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnBasePathMapping, DomainName, EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Access } from './access.ts';

export interface MutualTlsDomainProps extends NonNullable<Access['mutualTls']> {
  api: RestApi;
}

/**
 * A custom domain at which API Gateway asks every sender for a client certificate: "How to turn on mutual TLS authentication for
 * your REST APIs", API Gateway. The owner of the domain makes the DNS record, which points to the output `DomainTarget`.
 */
export class MutualTlsDomain extends Construct {
  constructor(scope: Construct, id: string, { name, certificateArn, truststore, truststoreVersion, api }: MutualTlsDomainProps) {
    super(scope, id);
    const { hostname, pathname } = new URL(truststore);

    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      // stays at this policy because the newer ones do not allow mutual TLS: "Choose a security policy for your custom domain", API Gateway
      securityPolicy: SecurityPolicy.TLS_1_2,
      mtls: {
        bucket: Bucket.fromBucketName(this, 'Truststore', hostname),
        key: decodeURIComponent(pathname.slice(1)),
        ...(truststoreVersion !== undefined && { version: truststoreVersion }),
      },
    });
    new CfnBasePathMapping(this, 'Mapping', {
      domainName: domain.domainName,
      restApiId: api.restApiId,
      stage: api.deploymentStage.stageName,
    });
    new CfnOutput(Stack.of(this), 'DomainTarget', { value: domain.domainNameAliasDomainName });
  }
}
