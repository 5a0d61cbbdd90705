import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { Statement } from '../domain/signing/statements';
import type { Activities } from '../domain/world';
import { signStatement, type Identity } from '../keys/identity';

/**
 * Signs what the calling workflow starts or tells, and how its own record ends. A person's decision is the API's to
 * sign, and what runs outside a workflow asks in vain: the worker's key is no oracle.
 */
export function signActivity(identity: Identity): Activities['sign'] {
  return async (statements) => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution || !statements.every((one) => mayAsk(workflowExecution.workflowId, one))) {
      throw ApplicationFailure.nonRetryable(
        'a workflow may only sign what it starts or tells, and its own end',
        'not-signed',
      );
    }
    return statements.map((statement) => signStatement(identity, statement));
  };
}

function mayAsk(workflowId: string, statement: Statement): boolean {
  if (statement.signs === 'message') return statement.id.startsWith(`${workflowId}#`);
  if (statement.signs === 'head') return statement.workflow === workflowId;
  return statement.signs === 'start';
}
