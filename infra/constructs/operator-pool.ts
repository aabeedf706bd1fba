import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StringAttribute,
  UserPool,
  type UserPoolClient,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { excuse } from "./excuse.ts";
import { SuiteStack } from "./suite-stack.ts";

/**
 * The merchant's people, where no other issuer is given. Nobody signs up by themselves; who adds a person says their
 * tenant and role, which the person cannot change. Passwords and second factor as the strictest platform wants them.
 */
export class OperatorPool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SuiteStack.of(this);
    this.pool = new UserPool(this, "Pool", {
      userPoolName: stack.nameOf("operators"),
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      customAttributes: {
        tenant: new StringAttribute({ mutable: true, minLen: 1, maxLen: 64 }),
        role: new StringAttribute({ mutable: true, minLen: 1, maxLen: 16 }),
      },
      deletionProtection: stack.settings.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    excuse(
      this.pool,
      "AwsSolutions-COG8",
      "Threat protection is priced per person; a second factor is required of everybody.",
    );
    this.client = this.pool.addClient("Client", {
      userPoolClientName: stack.nameOf("operators"),
      authFlows: { userSrp: true },
      generateSecret: false,
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
      // Left out, Cognito lets people write every attribute, their own tenant among them.
      writeAttributes: new ClientAttributes().withStandardAttributes({ fullname: true }),
    });
  }
}
