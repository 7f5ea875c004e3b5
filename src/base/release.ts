/**
 * Lets several things go, one after the other and each of them whatever becomes of the others; then throws the first
 * failure. Only steps that answer with a promise are waited for: up to the first of those, all happens at once.
 */
export async function releaseAll(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      const pending = step()
      if (pending instanceof Promise) await pending
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0] as Error
}
