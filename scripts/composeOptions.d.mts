import type { Job } from './fuseRun.mjs'

export function parseComposeOptions(args: string[]): { help: true } | { help: false; job: Job }
