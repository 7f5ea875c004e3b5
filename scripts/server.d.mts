/** Serves a build on the loopback interface. `mounts`: names below /files/ -> local files and folders. */
export function serve(options: {
  dist: string
  mounts?: Record<string, string>
  port?: number
}): Promise<{ origin: string; close(): Promise<void> }>
