import type { ConnectionOptions } from '@temporalio/client';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

/** CANCELLED in gRPC's numbering. */
const cancelled = 1;

/**
 * The client's own repetition of calls, which ends once the connection is closed. By itself it repeats a call on the closed
 * connection, from a timer: an exception that nobody can catch.
 */
export const retryWhileOpen: Interceptor = (options, nextCall) => {
  let isRepeated = false;
  return makeGrpcRetryInterceptor(defaultGrpcRetryOptions())(options, (given) => {
    if (!isRepeated) {
      isRepeated = true;
      return nextCall(given);
    }
    try {
      return nextCall(given);
    } catch (error) {
      return endedCall(String(error));
    }
  });
};

/** A call that ends as soon as it begins. */
const endedCall = (details: string): Call =>
  ({
    start: (...[metadata, listener]: Parameters<Call['start']>) =>
      listener?.onReceiveStatus?.({ code: cancelled, details, metadata }),
    sendMessage: () => undefined,
    halfClose: () => undefined,
  }) as unknown as Call;
