/**
 * Catches what a device says of the work until the answer is asked for: mistakes, and what only the driver's compiler refuses.
 * @returns whether there was anything; to be asked once
 */
export function errorsOn(device: GPUDevice): () => Promise<boolean> {
  const scopes = ['validation', 'internal'] as const
  for (const scope of scopes) device.pushErrorScope(scope)
  return async () => {
    const found = await Promise.all(scopes.map(() => device.popErrorScope()))
    return found.some((error) => error !== null)
  }
}
