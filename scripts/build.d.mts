export const ROOT: string
export const DIST: string
export function isBuildStale(): boolean
export function ensureBuild(options?: { force?: boolean }): Promise<void>
