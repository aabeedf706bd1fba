/** What passes between the runtime and a function's worker thread. Events and answers travel as JSON text, as in Lambda. */
export interface WorkerSettings {
  codePath: string;
  /** `file.export`, as the template gives it. */
  handler: string;
  sharedTime: SharedArrayBuffer;
  functionName: string;
  functionArn: string;
  memoryMb: number;
}

export interface ToWorker {
  requestId: string;
  event: string;
  timeoutMs: number;
}

export interface LambdaError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type FromWorker =
  | { kind: "ready" }
  | { kind: "init-failed"; error: LambdaError }
  | { kind: "answer"; requestId: string; payload: string | undefined }
  | { kind: "error"; requestId: string; error: LambdaError }
  /** The function left a rejection or exception uncaught; the thread ends after this. */
  | { kind: "crash"; error: LambdaError }
  | { kind: "lines"; requestId: string | undefined; text: string };
