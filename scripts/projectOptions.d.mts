import type { Job } from './fuseRun.mjs'

export function parseProjectOptions(args: string[]): { help: true } | { help: false; job: Job }
