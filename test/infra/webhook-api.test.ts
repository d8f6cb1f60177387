import { describe, expect, it } from '@jest/globals';
import { synthesise } from './synthesise.ts';

const template = synthesise('production');

describe('the webhook API', () => {
  it('is regional and refuses TLS below 1.2', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
  });

  it('hands over every body as the bytes that were signed', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] });
  });

  it('has one resource with one method for all, which the receiver answers', () => {
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{source}' });
    template.resourceCountIs('AWS::ApiGateway::Method', 1);
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'ANY',
      AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY' },
    });
  });

  it('is throttled as the stage says', () => {
    synthesise('test', { throttle: { ratePerSecond: 7, burst: 9 } }).hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 }],
    });
  });

  it('logs who was answered what, and nothing that a sender wrote', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const format: string = stage?.Properties.AccessLogSetting.Format;

    expect(JSON.parse(format)).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
    expect(format).not.toMatch(/context\.path|\$input|header|query|userAgent|body/i);
    template.hasResourceProperties('AWS::ApiGateway::Stage', { MethodSettings: [{ DataTraceEnabled: false, LoggingLevel: 'OFF' }] });
  });
});

describe('an answer of the gateway itself', () => {
  it('is application/problem+json', () => {
    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', 5);
    template.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
    });
    for (const { Properties } of Object.values(template.findResources('AWS::ApiGateway::GatewayResponse'))) {
      const sent = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '"message"');
      expect(JSON.parse(sent)).toEqual({ type: 'about:blank', title: expect.any(String), requestId: '$context.requestId' });
    }
  });

  it.each([
    ['THROTTLED', '503', 'is one after which every HR system sends again'],
    ['INTEGRATION_TIMEOUT', '504', 'is one after which every HR system sends again'],
    ['MISSING_AUTHENTICATION_TOKEN', '404', 'says of an unknown path that it is not there'],
  ])('%s: %s %s', (ResponseType, StatusCode) => {
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', { ResponseType, StatusCode });
  });
});
