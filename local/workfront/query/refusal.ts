const IN_JAVA = {
  authentication: 'com.attask.common.AuthenticationException',
  right: 'com.attask.common.AccessException',
  argument: 'java.lang.IllegalArgumentException',
  missing: 'com.attask.common.ObjectNotFoundException',
  unsupported: 'java.lang.UnsupportedOperationException',
  throttled: 'com.attask.common.TooManyRequestsException',
  internal: 'java.lang.RuntimeException',
} as const;

/** Workfront refuses a call: `{"error":{"class","message"}}` with its status (OpenAPI of the core API, all USER operations). */
export class Refusal extends Error {
  readonly status: number;
  readonly errorClass: string;

  constructor(status: number, kind: keyof typeof IN_JAVA, message: string) {
    super(message);
    this.status = status;
    this.errorClass = IN_JAVA[kind];
  }

  get body() {
    return { error: { class: this.errorClass, message: this.message } };
  }
}
