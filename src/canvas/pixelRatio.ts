/**
 * Tells of every change of `devicePixelRatio`: another zoom of the browser, or a monitor of another density. Returns how
 * to stop.
 */
export function onPixelRatio(changed: (ratio: number) => void): () => void {
  const listening = new AbortController()
  const watch = () => {
    // A query holds for one ratio only: each change needs the next.
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
    const next = () => {
      changed(window.devicePixelRatio)
      watch()
    }
    query.addEventListener('change', next, { once: true, signal: listening.signal })
  }
  watch()
  return () => listening.abort()
}
