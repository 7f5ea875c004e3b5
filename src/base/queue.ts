/**
 * Runs work after everything that was given before has ended, whether well or not.
 * @param signal takes work that still waits out of the queue at once; work that runs has to watch it itself
 */
export type Queue = <T>(work: () => T | Promise<T>, signal?: AbortSignal) => Promise<T>

/** A queue of its own: one thing at a time, in order; what fails only fails itself. */
export function createQueue(): Queue {
  let tail: Promise<void> = Promise.resolve()
  return <T>(work: () => T | Promise<T>, signal?: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      const leave = (): void => reject(signal?.reason as Error)
      if (signal?.aborted) return leave()
      signal?.addEventListener('abort', leave)
      const turn = async (): Promise<void> => {
        signal?.removeEventListener('abort', leave)
        if (signal?.aborted) return
        try {
          resolve(await work())
        } catch (error) {
          reject(error as Error)
        }
      }
      tail = tail.then(turn)
    })
}
