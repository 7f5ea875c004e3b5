/**
 * Errors are data: they cross the worker boundary unchanged and every one says what to do.
 */
export type ErrorCode =
  | 'bad-image'
  | 'image-too-large'
  | 'empty-foreground'
  | 'bad-box'
  | 'bad-document'
  | 'bad-recipe'
  | 'bad-manifest'
  | 'bad-weights'
  | 'bad-archive'
  | 'hash-mismatch'
  | 'missing-asset'
  | 'no-webgpu'
  | 'out-of-memory'
  | 'device-lost'
  | 'storage-full'
  | 'storage-failed'
  | 'network'
  | 'cancelled'
  | 'unsupported'
  | 'internal'

export interface Problem {
  code: ErrorCode
  /** One sentence for the user: what went wrong. */
  message: string
  /** One sentence for the user: what to do about it. */
  hint: string
  /** For the curious: numbers, names, the underlying message. */
  detail?: string
}

/** The only error class that we throw; carries a Problem. */
export class InlayError extends Error {
  readonly problem: Problem
  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.message}`, options)
    this.name = 'InlayError'
    this.problem = problem
  }
}

export function fail(code: ErrorCode, message: string, hint: string, detail?: string): never {
  throw new InlayError({ code, message, hint, ...(detail === undefined ? {} : { detail }) })
}

/** Turns anything thrown into a Problem; what we did not foresee becomes `internal`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof InlayError) return error.problem
  const text = error instanceof Error ? error.message : String(error)
  if (/out of memory|OOM|allocation failed/i.test(text))
    return {
      code: 'out-of-memory',
      message: 'There was not enough memory for this step.',
      hint: 'Close other tabs or switch the backend to CPU in the settings, then try again.',
      detail: text,
    }
  return {
    code: 'internal',
    message: 'Something went wrong that we did not foresee.',
    hint: 'Try again; if it happens again, please report the detail below.',
    detail: error instanceof Error && error.stack ? error.stack : text,
  }
}

/** Whether something ended because it was told to, not because it failed. */
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** Compile-time exhaustiveness for switches over unions. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
