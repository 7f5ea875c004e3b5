/** Seconds that a run spends on its parts. */
export interface StageSeconds {
  load: number
  encode: number
  sample: number
  composite: number
}

/** Seconds since the last call. */
export function stopwatch(): () => number {
  let since = performance.now()
  return () => {
    const now = performance.now()
    const passed = (now - since) / 1000
    since = now
    return passed
  }
}
